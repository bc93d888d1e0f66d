"""Is a period ready to be published: what is missing, doubtful, unexplained or at odds. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from actions.fiscal import fiscal_year_label
from actions.vocabulary import Word
from kpis.entry import EntryRow
from kpis.followups import OVERDUE, Promise
from kpis.progress import Result
from kpis.vocabulary import TargetStatus, Tone


class GapKind(Word):
    """What a gap is, in the order of the list."""

    MISSING = "missing", "実績が未入力"
    CAUTION = "caution", "確認が必要な値"
    NO_COMMENT = "no_comment", "要因・今後の対応・担当・期限が未記入"
    NO_ANSWER = "no_answer", "前回の対応の結果が未記入"
    NO_TARGET = "no_target", "目標が未設定"
    PRINTED = "printed", "公表資料の達成率と不一致"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is open about one indicator."""

    kind: GapKind
    row: EntryRow
    message: str

    @property
    def words(self) -> str:
        """Return indicator and gap in one phrase."""
        return f"{self.row.code} {self.message}"


@dataclass(frozen=True, slots=True)
class Answered:
    """A doubt that staff confirmed, with their word of reason."""

    row: EntryRow
    message: str
    confirmation: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An indicator about which a council would ask why."""

    row: EntryRow
    result: Result


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything that the checker looks at before publishing.

    ``below`` are the indicators that miss their targets, ``asked`` those that are asked about an
    earlier counter-measure.
    """

    gaps: tuple[Gap, ...]
    below: tuple[Shortfall, ...]
    asked: tuple[EntryRow, ...]
    answered: tuple[Answered, ...]
    entered: int
    number: int

    def of_kind(self, kind: GapKind) -> tuple[Gap, ...]:
        """Return the gaps of one kind, in the paper's order."""
        return tuple(one for one in self.gaps if one.kind is kind)

    @property
    def by_kind(self) -> tuple[tuple[GapKind, tuple[Gap, ...]], ...]:
        """Return every kind that occurs, with its gaps."""
        return tuple((kind, self.of_kind(kind)) for kind in GapKind if self.of_kind(kind))


def examine(rows: Iterable[EntryRow]) -> Readiness:
    """Return what is open about the rows as they are recorded."""
    listed = list(rows)
    results = [(row, row.result(row.entry)) for row in listed]
    found = [gap for row, result in results for gap in _gaps(row, result)]
    order = list(GapKind)
    found.sort(key=lambda gap: order.index(gap.kind))  # stable: the paper's order stays
    return Readiness(
        gaps=tuple(found),
        below=tuple(Shortfall(row, result) for row, result in results if is_below(result)),
        asked=tuple(row for row in listed if row.promise is not None),
        answered=tuple(one for row in listed for one in _answered(row)),
        entered=sum(row.entry.is_entered for row in listed),
        number=len(listed),
    )


def _gaps(row: EntryRow, result: Result) -> Iterator[Gap]:
    if not row.entry.is_entered:
        yield Gap(GapKind.MISSING, row, "実績が入力されていません。")
    for caution in row.open_cautions(row.entry):
        yield Gap(GapKind.CAUTION, row, f"{caution.message}{_unanswered(row)}")
    if is_below(result) and (missing := _unexplained(row)):
        yield Gap(GapKind.NO_COMMENT, row, f"目標に届いていませんが、{missing}が書かれていません。")
    if row.promise is not None and row.entry.follow_up is None:
        yield Gap(GapKind.NO_ANSWER, row, _unreported(row, row.promise))
    if row.target.status is not TargetStatus.SET:
        yield Gap(GapKind.NO_TARGET, row, _untargeted(row))
    printed, computed = result.actual.printed_rate, result.attainment.display
    if printed and printed != computed:
        shown = computed or "（なし）"
        yield Gap(
            GapKind.PRINTED, row, f"公表資料の達成率 {printed} と計算結果 {shown} が違います。"
        )


def _unanswered(row: EntryRow) -> str:
    if row.entry.confirmation:
        return "値が変わったため、確認した内容を書き直してください。"
    return "確認した内容が書かれていません。"


def is_below(result: Result) -> bool:
    """Return whether a council would ask why: the target is missed, or the judgement is behind."""
    return result.attainment.met is False or result.verdict.tone in (Tone.WEAK, Tone.BAD)


def _unexplained(row: EntryRow) -> str:
    """Return which words are missing of an indicator below its target; blank for none."""
    entry = row.entry
    written = {
        "要因": bool(entry.cause),
        "今後の対応": bool(entry.next_step),
        "対応の担当": bool(entry.next_step_owner),
        "対応の期限": entry.next_step_due is not None,
    }
    return "・".join(name for name, is_there in written.items() if not is_there)


def _unreported(row: EntryRow, asked: Promise) -> str:
    late = f"{OVERDUE}です。" if asked.is_overdue(row.period.as_of, None) else ""
    return f"{asked.period.label}の「今後の対応」を行ったかが書かれていません。{late}"


def _untargeted(row: EntryRow) -> str:
    if row.target.status is TargetStatus.LINKED:
        return f"{fiscal_year_label(row.period.fiscal_year)}の目標がまだ定められていません（{row.target.display}）。"
    return "この年度の目標が設定されていません。"


def _answered(row: EntryRow) -> Iterator[Answered]:
    still_open = row.open_cautions(row.entry)
    for caution in row.cautions(row.entry):
        if caution not in still_open:
            yield Answered(row, caution.message, row.entry.confirmation)
