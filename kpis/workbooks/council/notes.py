"""The notes below the rules: 「—」, changed judgements, footnotes, corrections, terms of use."""

from collections.abc import Iterator

from kpis.links import Issue, Links
from kpis.lives import changes, revisions
from kpis.numerals import DASH
from kpis.opendata.terms import LICENSE, LICENSE_ADDRESS
from kpis.papers import CouncilPapers
from kpis.progress import IndicatorProgress, PlanProgress, Result
from kpis.workbooks.council.items import Item
from kpis.workbooks.council.sheet import Sheet
from kpis.workbooks.council.styles import LABEL, MIDDLE, NAME, TEXT, VERDICTS
from kpis.workbooks.council.tables import Table

_REASONS = Table(f"4　「{DASH}」の理由", ("理由", "期間", "欄", "指標"), (3, 3, 1, 4))
_CHANGED = Table(
    "5　参考判定を変更した指標",
    ("コード", "指標名", "計算による判定", "変更後の判定", "変更の理由"),
    (1, 2, 2, 1, 5),
)
_FOOTNOTES = Table("6　指標の定義・注記", ("コード", "指標名", "定義", "注記"), (1, 2, 3, 5))
_CHANGES = Table("7　目標の改定と指標の見直し", ("コード", "指標名", "内容", "理由"), (1, 2, 4, 4))
_CORRECTIONS = Table("8　訂正", ("箇所", "項目", "訂正前", "訂正後"), (2, 1, 4, 4))
_TERMS_OF_USE = Table("9　オープンデータと利用条件", ("項目", "内容"), (2, 9))


def add(sheet: Sheet, papers: CouncilPapers) -> None:
    """Write the notes below what the sheet holds."""
    progress = papers.progress
    _REASONS.write(sheet, _reasons(progress), nothing=f"「{DASH}」で示した値はありません。")
    _CHANGED.write(sheet, _changed(progress), nothing="変更した判定はありません。")
    _FOOTNOTES.write(sheet, _footnotes(progress), nothing="定義・注記のある指標はありません。")
    _CHANGES.write(sheet, _changes(progress), nothing="目標の改定と指標の見直しはありません。")
    _corrections(sheet, papers)
    _TERMS_OF_USE.write(sheet, _terms_of_use(progress))


def _reasons(progress: PlanProgress) -> Iterator[list[Item]]:
    """Yield each reason that stands as 「—」 since the plan began, the newest period first."""
    found: dict[tuple[str, str, str], list[str]] = {}
    results = [
        (result, one)
        for one in progress.indicators
        for result in one.results
        if result.period.fiscal_year >= progress.plan.start_year
    ]
    results.sort(key=lambda pair: pair[0].period.as_of, reverse=True)
    for result, one in results:
        for column, reason in _dashes(result):
            found.setdefault((result.period.label, column, reason), []).append(one.code)
    for (period, column, reason), codes in found.items():
        yield [
            Item(reason, NAME, span=3),
            Item(period, NAME, span=3),
            Item(column, MIDDLE),
            Item("、".join(codes), NAME, span=4),
        ]


def _dashes(result: Result) -> Iterator[tuple[str, str]]:
    """Yield what of the result is 「—」, and why: the rate has a reason of its own beside a figure."""
    if result.actual.reason is not None:
        yield "実績", result.actual.reason_words
    elif result.actual.value is not None and result.attainment.display == DASH:
        yield "達成率", result.attainment.reason_words


def _changed(progress: PlanProgress) -> Iterator[list[Item]]:
    """Yield the judgements of the period that a person changed, with the computed ones."""
    for one in progress.indicators:
        result = one.at(progress.period)
        if result is None or result.judgement.override is None:
            continue
        computed, chosen = result.judgement.computed, result.judgement.override
        yield [
            *_indicator(one),
            Item(computed.words, VERDICTS[computed.tone], span=2),
            Item(chosen.words, VERDICTS[chosen.tone]),
            Item(chosen.basis, TEXT, span=5),
        ]


def _footnotes(progress: PlanProgress) -> Iterator[list[Item]]:
    for one in progress.indicators:
        if one.definition or one.note:
            yield [
                *_indicator(one),
                Item(one.definition, TEXT, span=3),
                Item(one.note, TEXT, span=5),
            ]


def _changes(progress: PlanProgress) -> Iterator[list[Item]]:
    """Yield each revised target, and what became of each indicator, with the reasons."""
    for one in progress.indicators:
        told = [(revised.brief, revised.before.reason) for revised in revisions(one)]
        life = "\n".join(changes(progress, one))
        if life:
            told.append((life, one.review_reason))
        for what, reason in told:
            yield [*_indicator(one), Item(what, NAME, span=4), Item(reason, TEXT, span=4)]


def _indicator(one: IndicatorProgress) -> list[Item]:
    return [Item(one.code, MIDDLE), Item(one.name, NAME, span=2)]


def _corrections(sheet: Sheet, papers: CouncilPapers) -> None:
    """Write what this version changed, or why there is nothing to change."""
    edition = papers.progress.edition
    rows = [
        [
            Item(one.place, NAME, span=2),
            Item(one.item, NAME),
            Item(one.before, TEXT, span=4),
            Item(one.after, TEXT, span=4),
        ]
        for one in papers.corrections
    ]
    before = []
    if edition is not None and rows:
        since = f"第{edition.version - 1}版を次のとおり訂正しました。"
        before = [since, f"訂正の理由: {edition.reason}"] if edition.reason else [since]
    _CORRECTIONS.write(sheet, rows, before=before, nothing=_no_corrections(papers.progress))


def _no_corrections(progress: PlanProgress) -> str:
    if progress.edition is None:
        return "公表前のため、訂正はありません。"
    if progress.edition.version == 1:
        return "この期間の最初の公表であり、訂正はありません。"
    return "この版に訂正はありません。"


def _terms_of_use(progress: PlanProgress) -> Iterator[list[Item]]:
    """Yield where the data is and on which terms; addresses as plain texts, for no file links out."""
    plan, edition = progress.plan, progress.edition
    if edition is None:
        yield _term("利用条件", "公表前のデータです。庁内での確認にだけ使ってください。")
        return
    links = Links(plan.slug)
    issue = Issue.of(progress.period, edition.version, edition.published_at)
    yield _term(
        "データのありか",
        f"公開ページの「オープンデータ」（{links.to('data')}）でCSV・XLSX・JSONを提供しています。",
    )
    yield _term("この版の変わらないアドレス", links.permanent(issue, "kpis.csv"))
    yield _term(
        "利用条件", f"{LICENSE}により、出典を記載すれば自由に利用できます。\n{LICENSE_ADDRESS}"
    )
    source = f"「{plan.name} {progress.period.label}（第{edition.version}版）」"
    yield _term("出典の記載例", source)


def _term(label: str, text: str) -> list[Item]:
    return [Item(label, LABEL, span=2), Item(text, NAME, span=9)]
