"""The rules of single rows of the plan book, in the light of the others. Pure.

Each yields the column at which a fault is told and the reason, in the words of the records' rules.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from actions.fiscal import Term, short_label
from actions.vocabulary import RESERVED_SLUGS
from kpis.milestones import ONLY_WORDS, TARGET_IS_DONE
from kpis.numerals import has_more_decimals
from kpis.planbook import rows as sheets
from kpis.planbook.typed import Places
from kpis.vocabulary import Formula, Kind, TargetStatus

Found = Iterator[tuple[str, str]]


class Scene:
    """The rows all together, as single rows need them."""

    def __init__(
        self, rows: Mapping[str, Sequence[Any]], half_read: Mapping[str, Collection[Any]]
    ) -> None:
        """Look up once what every row asks for."""
        plans = rows.get("plan", ())
        self.plan: sheets.PlanRow | None = plans[0] if plans else None
        self.decimals = {one.code: one.decimals for one in rows.get("indicators", ())}
        self.kgi_decimals = {one.code: one.decimals for one in rows.get("kgis", ())}
        self.bands = {(one.indicator, one.term, one.label) for one in rows.get("bands", ())}
        self.bands |= set(half_read.get("bands", ()))
        self.own_bands = {(indicator, term) for indicator, term, _ in self.bands}
        self.bounds = Counter((one.indicator, one.term, one.lower) for one in rows.get("bands", ()))
        self.kinds = {one.code: one.kind for one in rows.get("indicators", ())}
        self.known = _known(rows, half_read)
        self.strategies: dict[int, dict[str, str]] = {}  # what was first said of each

    def leave_open(self, places: Places) -> None:
        """Forget the decimals where the file lacks their column: they may stand elsewhere."""
        if not places.mentions("indicators", "decimals"):
            self.decimals = {}
        if not places.mentions("indicators", "kind"):
            self.kinds = {}
        if not places.mentions("kgis", "decimals"):
            self.kgi_decimals = {}


def _known(
    rows: Mapping[str, Sequence[Any]], half_read: Mapping[str, Collection[Any]]
) -> dict[str, set[Any]]:
    numbers = {(one.strategy, one.number) for one in rows.get("measures", ())}
    numbers |= set(half_read.get("measures", ()))
    known: dict[str, set[Any]] = {
        "strategies": {strategy for strategy, _ in numbers},
        "measure_codes": {f"{strategy}-{number}" for strategy, number in numbers},
    }
    for field in ("indicators", "kgis", "actions"):
        read = {one.code for one in rows.get(field, ())}
        known[field] = read | {key for (key,) in half_read.get(field, ())}
    targets = {(one.indicator, one.fiscal_year) for one in rows.get("targets", ())}
    known["targets"] = targets | set(half_read.get("targets", ()))
    years = {(one.kgi, one.year) for one in rows.get("kgi_values", ())}
    known["kgi_values"] = years | set(half_read.get("kgi_values", ()))
    return known


def _decimals(value: Decimal | None, most: int | None, column: str = "value") -> Found:
    if value is not None and most is not None and has_more_decimals(value, most):
        yield column, f"小数は{most}桁までで入力してください（小数桁 {most}）。"


def _within(year: int | None, scene: Scene, column: str = "fiscal_year") -> Found:
    plan = scene.plan
    if plan is None or year is None:
        return
    if not plan.baseline_year <= year <= plan.end_year:
        years = f"{short_label(plan.baseline_year)}～{short_label(plan.end_year)}"
        yield column, f"計画の年度（{years}）の中で入力してください。"


def _milestone(value: Decimal | None, code: str, scene: Scene, column: str = "value") -> Found:
    if scene.kinds.get(code) is Kind.MILESTONE and value not in (None, 0, 1):
        yield column, ONLY_WORDS


def _plan(row: sheets.PlanRow, scene: Scene) -> Found:
    if row.slug in RESERVED_SLUGS:
        yield "slug", f"「{row.slug}」はこのシステムが使うため、指定できません。"
    if row.start_year > row.end_year:
        yield "end_year", "終了年度は開始年度以後にしてください。"
    if row.baseline_year > row.start_year:
        yield "baseline_year", "基準年度は開始年度以前にしてください。"


_SHARED = {"strategy_name": "戦略名", "tag": "英語表記", "strategy_note": "戦略の備考"}


def _measure(row: sheets.MeasureRow, scene: Scene) -> Found:
    if row.number is None and (row.name or row.page is not None or row.note):
        yield "number", "施策番号を入力してください。"
    if row.number is not None and not row.name:
        yield "name", "施策名を入力してください。"
    said = scene.strategies.setdefault(row.strategy, {})
    for column, heading in _SHARED.items():
        text = getattr(row, column)
        first = said.setdefault(column, text) if text else text
        if text != first:
            yield (
                column,
                f"戦略{row.strategy}の{heading}が、ほかの行（「{first}」）と違います。同じにしてください。",
            )


def _indicator(row: sheets.IndicatorRow, scene: Scene) -> Found:
    if row.baseline_value is not None and row.baseline_year is None:
        yield "baseline_year", "基準値を入力したときは、基準年度も入力してください。"
    if row.formula is Formula.FROM_BASELINE and row.baseline_value is None:
        yield "baseline_value", "算式が基準値比のときは、基準値を入力してください。"
    yield from _decimals(row.baseline_value, row.decimals, "baseline_value")
    yield from _milestone(row.baseline_value, row.code, scene, "baseline_value")
    if row.kind is Kind.MILESTONE and row.formula is not Formula.NONE:
        yield "formula", "種別が達成有無のときは、算式を「算定しない」にしてください。"
    if row.kind is Kind.MILESTONE and row.decimals:
        yield "decimals", "種別が達成有無のときは、小数桁を0にしてください。"
    yield from _life(row, scene)


def _life(row: sheets.IndicatorRow, scene: Scene) -> Found:
    """Yield what is wrong with the indicator's start, end, renaming and successor."""
    years = ("start_year", "end_year", "renamed_year")
    for column in years:
        yield from _within(getattr(row, column), scene, column)
    if None not in (row.start_year, row.end_year) and row.start_year > row.end_year:  # type: ignore[operator]
        yield "end_year", "終了年度は開始年度以後にしてください。"
    if bool(row.former_name) != (row.renamed_year is not None):
        column = "renamed_year" if row.former_name else "former_name"
        yield column, "改称には、旧指標名と改称年度の両方が必要です。"
    if row.successor and row.end_year is None:
        yield "end_year", "後継の指標を書いたときは、終了年度も入力してください。"
    if row.successor == row.code:
        yield "successor", "後継の指標には、ほかの指標の指標コードを入力してください。"
    if not row.review_reason and any(getattr(row, column) is not None for column in years):
        yield (
            "review_reason",
            "開始・終了・改称の年度を入力したときは、見直しの理由も入力してください。",
        )


def _target(row: sheets.TargetRow, scene: Scene) -> Found:
    yield from _within(row.fiscal_year, scene)
    yield from _decimals(row.value, scene.decimals.get(row.indicator))
    if row.status is TargetStatus.SET and row.value is None:
        yield "value", "状態が「設定」のときは、目標値を入力してください。"
    if row.status is not TargetStatus.SET and row.value is not None:
        yield "value", f"状態が「{row.status.label}」のときは、目標値を空にしてください。"
    if row.status is TargetStatus.LINKED and not row.source:
        yield "source", "状態が「連動」のときは、根拠に計画の名前を入力してください。"
    kind = scene.kinds.get(row.indicator)  # None: not known from this file
    if kind is Kind.MILESTONE and row.value not in (None, 1):
        yield "value", TARGET_IS_DONE
    if row.words and kind not in (None, Kind.MILESTONE):
        yield "words", "目標の言葉は、種別が達成有無の指標だけに入力します。"


def _target_revision(row: sheets.TargetRevisionRow, scene: Scene) -> Found:
    if (row.indicator, row.fiscal_year) not in scene.known["targets"]:
        yield "fiscal_year", "この指標のこの年度は「目標」にありません。"
    yield from _decimals(row.value, scene.decimals.get(row.indicator))
    if row.status is TargetStatus.SET and row.value is None:
        yield "value", "改定前の状態が「設定」のときは、改定前の目標値を入力してください。"
    if row.status is not TargetStatus.SET and row.value is not None:
        yield (
            "value",
            f"改定前の状態が「{row.status.label}」のときは、改定前の目標値を空にしてください。",
        )


def _actual(row: sheets.ActualRow, scene: Scene) -> Found:
    yield from _within(row.fiscal_year, scene)
    yield from _decimals(row.value, scene.decimals.get(row.indicator))
    if row.value is not None and row.reason is not None:
        yield "reason", "実績値と理由は、どちらか一方だけを入力してください。"
    if row.provisional and row.value is None:
        yield "provisional", "速報の印は、実績値を入力したときだけ付けられます。"
    yield from _override(row, scene)
    for column in ("value", "forecast"):
        yield from _milestone(getattr(row, column), row.indicator, scene, column)
    yield from _decimals(row.forecast, scene.decimals.get(row.indicator), "forecast")
    if row.forecast is not None and row.term is not Term.H1:
        yield "forecast", "年度末見込は、上半期だけに入力できます。"
    if row.carried_from is not None and row.value is None:
        yield "carried_from", "調査年度は、実績値を入力したときだけ入力できます。"
    if row.carried_from is not None and row.carried_from >= row.fiscal_year:
        yield "carried_from", "調査年度は、この期間より前の年度にしてください。"
    yield from _follow_up(row)


def _follow_up(row: sheets.ActualRow) -> Found:
    if row.follow_up_note and row.follow_up is None:
        yield "follow_up", "前回の対応の説明を入力したときは、結果も選んでください。"
    if row.follow_up is not None and row.follow_up.needs_reason and not row.follow_up_note:
        yield (
            "follow_up_note",
            "前回の対応が未実施・取りやめのときは、その理由を入力してください。",
        )


def _override(row: sheets.ActualRow, scene: Scene) -> Found:
    if bool(row.override) != bool(row.override_reason):
        column = "override_reason" if row.override else "override"
        yield column, "判定の変更には、判定と理由の両方が必要です。"
    # Without bands in the book, those of the database or the shipped ones count.
    own = row.indicator if (row.indicator, row.term) in scene.own_bands else ""
    if row.override and scene.bands and (own, row.term, row.override) not in scene.bands:
        yield (
            "override",
            f"「{row.override}」という判定は、{row.term.label}の判定基準にありません。",
        )


def _kgi(row: sheets.KgiRow, scene: Scene) -> Found:
    if row.base_year >= row.target_year:
        yield "target_year", "目標年は起点年より後にしてください。"


def _kgi_value(row: sheets.KgiValueRow, scene: Scene) -> Found:
    yield from _decimals(row.value, scene.kgi_decimals.get(row.kgi))
    if row.comparator_growth is not None and row.comparator_value is not None:
        yield "comparator_value", "比較対象は、伸び率と値のどちらか一方だけを入力してください。"


def _kgi_comparison(row: sheets.KgiComparisonRow, scene: Scene) -> Found:
    if (row.growth is None) == (row.value is None):
        yield "value", "伸び率と値のどちらか一方を入力してください。"


def _kgi_revision(row: sheets.KgiRevisionRow, scene: Scene) -> Found:
    if (row.kgi, row.year) not in scene.known["kgi_values"]:
        yield "year", "このKGIのこの年は「KGI実績」にありません。"
    yield from _decimals(row.value, scene.kgi_decimals.get(row.kgi))


def _action(row: sheets.ActionRow, scene: Scene) -> Found:
    if row.priority_reason and not row.is_priority:
        yield "is_priority", "重点の理由を入力したときは、「重点」に ○ を付けてください。"


def _band(row: sheets.BandRow, scene: Scene) -> Found:
    if scene.bounds[row.indicator, row.term, row.lower] < 2:
        return
    if row.lower is None:
        yield "lower", f"下限のない区分は、期間ごとに1つだけです（{row.term.label}）。"
    else:
        yield "lower", f"{row.term.label}に同じ下限の区分が2つ以上あります。"


RULES: Mapping[str, tuple[Callable[[Any, Scene], Found], ...]] = {
    "plan": (_plan,),
    "measures": (_measure,),
    "indicators": (_indicator,),
    "targets": (_target,),
    "target_revisions": (_target_revision,),
    "actuals": (_actual,),
    "kgis": (_kgi,),
    "kgi_values": (_kgi_value,),
    "kgi_comparisons": (_kgi_comparison,),
    "kgi_revisions": (_kgi_revision,),
    "actions": (_action,),
    "bands": (_band,),
}
