"""The closed lists of words about actions: code for programs, label for people. Pure."""

from enum import StrEnum

# First parts of addresses that the site itself needs: no plan may be called so.
RESERVED_SLUGS = frozenset(
    {"accessibility", "accounts", "admin", "api", "guide", "healthz", "plans", "readyz", "static"}
)


class Word(StrEnum):
    """A code with its Japanese label; ``choices()`` feeds model fields and forms."""

    label: str

    def __new__(cls, code: str, label: str = "") -> "Word":
        """Make the member from its code and label."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return (code, label) pairs in the order of declaration."""
        return [(word.value, word.label) for word in cls]


class Actor(Word):
    """Who acts (主体): the paper names these three kinds for each measure."""

    BUSINESS = "business", "ものづくり事業者"
    CITY = "city", "行政"
    SUPPORT = "support", "支援機関"


class Stage(Word):
    """How far an action is to be in a fiscal year (段階)."""

    STUDY = "study", "検討"
    PREPARATION = "preparation", "準備"
    RUNNING = "running", "実施"
    EXPANSION = "expansion", "拡充"
    DONE = "done", "完了"
    PAUSED = "paused", "休止"


class Evaluation(Word):
    """How a year's work compares with its plan (評価, CHECK)."""

    AHEAD = "ahead", "計画以上"
    ON_PLAN = "on_plan", "計画どおり"
    SLIGHTLY_LATE = "slightly_late", "やや遅れ"
    LATE = "late", "遅れ"
    NOT_STARTED = "not_started", "未着手"

    @property
    def is_late(self) -> bool:
        """Return whether the council should hear of it."""
        return self in (Evaluation.SLIGHTLY_LATE, Evaluation.LATE, Evaluation.NOT_STARTED)


class Revision(Word):
    """What follows for the next year (見直し, ACTION)."""

    CONTINUE = "continue", "継続"
    EXPAND = "expand", "拡充"
    IMPROVE = "improve", "改善"
    REDUCE = "reduce", "縮小"
    END = "end", "終了"
