"""Figures that are words: a milestone (設置, 策定) is recorded as 1 or 0 and told as 達成 or 未達成. Pure."""

from decimal import Decimal

from kpis.numerals import FigureError, format_exact, squeezed
from kpis.vocabulary import MILESTONE_WORDS, Kind

ONLY_WORDS = "達成有無の指標には、「達成」か「未達成」を入力してください（○と×、1と0も使えます）。"
TARGET_IS_DONE = "達成有無の指標の目標は「達成」です。目標のない年度は、状態を「未設定」にして空欄にしてください。"
DONE, NOT_DONE = Decimal(1), Decimal(0)
_DONE = ("達成", "○", "〇", "◯", "1")
_NOT_DONE = ("未達成", "×", "✕", "✗", "0")


def shown_figure(kind: Kind, value: Decimal | None) -> str:
    """Return a recorded figure as printed: a milestone's in words; blank for none."""
    if value is None:
        return ""
    return MILESTONE_WORDS[value != 0] if kind is Kind.MILESTONE else format_exact(value)


def parse_milestone(text: str, words: str = "") -> Decimal | None:
    """Return 1 for 達成 and 0 for 未達成 as staff type them, None for blank.

    ``words`` is what the target stands for: of 設置, 設置 and 未設置 are understood too. Raises
    FigureError for anything else.
    """
    typed, goal = squeezed(text), squeezed(words)
    if not typed:
        return None
    if typed in _DONE or (goal and typed in (goal, f"{goal}済", f"{goal}済み")):
        return DONE
    if typed in _NOT_DONE or (goal and typed == f"未{goal}"):
        return NOT_DONE
    raise FigureError(f"「{text.strip()}」は読み取れません。{ONLY_WORDS}")


def is_in_words(text: str) -> bool:
    """Return whether the text is a milestone's word and no figure."""
    typed = squeezed(text)
    return typed in (*_DONE, *_NOT_DONE) and not typed.isdigit()
