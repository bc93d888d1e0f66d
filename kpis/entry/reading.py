"""What typed cells mean: the entry that they give, and every fault at its cell."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from actions.fiscal import FiscalYearError, Period, Term, parse_fiscal_year
from actions.vocabulary import Word
from kpis.days import parse_due
from kpis.entry.cells import Entry, Typed
from kpis.milestones import parse_milestone
from kpis.numerals import FigureError, check_digits, parse_figure
from kpis.vocabulary import ActualReason, FollowUp, Kind

PROVISIONAL_MARKS = ("○", "〇", "◯", "1", "TRUE", "true", "True", "on", "速報")
NOT_PROVISIONAL_MARKS = ("", "0", "FALSE", "false", "False", "off")
LONGEST_TEXT, LONGEST_OWNER = 2000, 100
NEEDS_NOTE = "前回の対応が未実施・取りやめのときは、その理由を入力してください。"
NEEDS_ANSWER = "前回の対応の説明を入力したときは、結果も選んでください。"
NOT_ASKED = "前の期間に「今後の対応」がない指標のため、結果は入力できません。"
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")

Faults = dict[str, list[str]]
Chosen = TypeVar("Chosen", bound=Word)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an indicator's row asks for in a period; ``words`` are what its target stands for.

    ``takes_answer`` says whether an earlier counter-measure is there to be answered for.
    """

    period: Period
    unit: str
    decimals: int
    kind: Kind = Kind.CUMULATIVE
    words: str = ""
    takes_answer: bool = True

    @property
    def takes_forecast(self) -> bool:
        """Return whether the year's end may be foreseen: at half-year only."""
        return self.period.term is Term.H1


def read(typed: Typed, asked: Asked) -> tuple[Entry, Faults]:
    """Return the entry and every fault by field; a faulty field is left as "nothing".

    A figure and a reason together are a fault of the reason, 速報 without a figure one of 速報,
    and a survey's year without a figure one of that year. 未実施 and 取りやめ need an explanation,
    and an explanation its answer.
    """
    faults: Faults = {}
    entry = Entry(
        value=_figure(typed.value, "value", asked, faults),
        reason=_reason(typed.reason, faults),
        provisional=_provisional(typed.provisional, faults),
        forecast=_figure(typed.forecast, "forecast", asked, faults),
        carried_from=_survey(typed.carried_from, asked.period, faults),
        cause=read_text(typed.cause, "cause", faults),
        next_step=read_text(typed.next_step, "next_step", faults),
        next_step_owner=_owner(typed.next_step_owner, faults),
        next_step_due=_due(typed.next_step_due, asked.period, faults),
        follow_up=_answer(typed.follow_up, faults),
        follow_up_note=read_text(typed.follow_up_note, "follow_up_note", faults),
        confirmation=read_text(typed.confirmation, "confirmation", faults),
    )
    has_figure = bool(typed.value.strip())
    if has_figure and entry.reason is not None:
        faults["reason"] = ["実績値と「—」の理由は、どちらか一方だけを入力してください。"]
    if entry.provisional and not has_figure:
        faults["provisional"] = ["速報の印は、実績値を入力したときだけ付けられます。"]
    if entry.carried_from is not None and not has_figure:
        faults["carried_from"] = ["調査年度は、実績値を入力したときだけ入力できます。"]
    if entry.forecast is not None and not asked.takes_forecast:
        faults["forecast"] = ["年度末見込は、上半期だけに入力できます。"]
    _check_answer(entry, asked, faults)
    return entry, faults


def _check_answer(entry: Entry, asked: Asked, faults: Faults) -> None:
    """Tell what is wrong between an answer and its explanation, unless one could not be read."""
    answer, note = entry.follow_up, entry.follow_up_note
    if faults.keys() & {"follow_up", "follow_up_note"}:
        return
    if not asked.takes_answer and (answer is not None or note):
        faults["follow_up"] = [NOT_ASKED]
    elif answer is not None and answer.needs_reason and not note:
        faults["follow_up_note"] = [NEEDS_NOTE]
    elif note and answer is None:
        faults["follow_up"] = [NEEDS_ANSWER]


def _figure(text: str, name: str, asked: Asked, faults: Faults) -> Decimal | None:
    try:
        if asked.kind is Kind.MILESTONE:
            return parse_milestone(text, asked.words)
        figure = parse_figure(text, asked.unit)
        if figure is not None:
            check_digits(figure, asked.decimals)
    except FigureError as error:
        faults[name] = [str(error)]
        return None
    return figure


def _survey(text: str, period: Period, faults: Faults) -> int | None:
    """Return the fiscal year of an earlier survey, None for blank."""
    if not text.strip():
        return None
    try:
        year = parse_fiscal_year(text)
    except FiscalYearError as error:
        faults["carried_from"] = [str(error)]
        return None
    if year >= period.fiscal_year:
        faults["carried_from"] = ["調査年度は、この期間より前の年度にしてください。"]
    return year


def _reason(text: str, faults: Faults) -> ActualReason | None:
    word = text.strip().removeprefix("—（").removesuffix("）")
    return chosen(ActualReason, word, "reason", faults)


def _answer(text: str, faults: Faults) -> FollowUp | None:
    return chosen(FollowUp, text.strip(), "follow_up", faults)


def chosen(words: type[Chosen], typed: str, name: str, faults: Faults) -> Chosen | None:
    """Return the word of a closed list that was typed as its code or its label; None for blank."""
    if not typed:
        return None
    for one in words:
        if typed in (one.value, one.label):
            return one
    labels = "、".join(one.label for one in words)
    faults[name] = [f"「{typed}」は選べません。次から選んでください: {labels}"]
    return None


def _due(text: str, period: Period, faults: Faults) -> dt.date | None:
    """Return until when; a month without its year is the next one after the period's end."""
    if not text.strip():
        return None
    try:
        return parse_due(text.strip(), period.as_of)
    except ValueError as error:
        faults["next_step_due"] = [str(error)]
        return None


def _owner(text: str, faults: Faults) -> str:
    """Return who does it, in one line."""
    one_line = " ".join(clean_text(text).split("\n"))
    return read_text(one_line, "next_step_owner", faults, LONGEST_OWNER)


def _provisional(text: str, faults: Faults) -> bool:
    if text.strip() in PROVISIONAL_MARKS:
        return True
    if text.strip() not in NOT_PROVISIONAL_MARKS:
        faults["provisional"] = [f"「{text}」は読み取れません。速報値のときだけ「○」を付けます。"]
    return False


def clean_text(text: str) -> str:
    """Return a typed text as it is stored: one kind of line end, and nothing that no paper shows.

    Control characters come along unseen when a cell is copied; neither every database nor Excel
    takes them.
    """
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read_text(text: str, name: str, faults: Faults, longest: int = LONGEST_TEXT) -> str:
    """Return a typed text as it is stored; one that is too long is a fault of its field."""
    clean = clean_text(text)
    if len(clean) > longest:
        faults[name] = [f"{longest:,}字までで入力してください（現在{len(clean):,}字）。"]
    return clean
