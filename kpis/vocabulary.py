"""The closed lists of words about an indicator: code for programs, label for people. Pure."""

from actions.vocabulary import Word


class Kind(Word):
    """What an entered figure is (種別)."""

    CUMULATIVE = "cumulative", "累計"  # the amount from April to date
    LEVEL = "level", "時点"  # the level on the day
    RATIO = "ratio", "割合"  # the ratio for the period to date
    MILESTONE = "milestone", "達成有無"  # 設置, 策定: one for done, zero for not yet


MILESTONE_WORDS = {False: "未達成", True: "達成"}


class Direction(Word):
    """Which way is good (方向)."""

    UP = "up", "増加"
    DOWN = "down", "減少"
    MAINTAIN = "maintain", "維持"
    LIMIT = "limit", "上限"

    @property
    def rising(self) -> bool:
        """Whether the target is met from below: 維持 holds at least the target's level."""
        return self in (Direction.UP, Direction.MAINTAIN)

    @property
    def bound_words(self) -> str:
        """Return what follows a target so that a reader knows its good side; blank for 増加."""
        if self is Direction.UP:
            return ""
        return "以上を維持" if self is Direction.MAINTAIN else "以下"


class Formula(Word):
    """How the rate is worked out (算式)."""

    RATIO = "ratio", "単純比"
    INVERSE_RATIO = "inverse_ratio", "逆比"
    FROM_BASELINE = "from_baseline", "基準値比"
    FROM_PREVIOUS = "from_previous", "前年度比増分"
    NONE = "none", "算定しない"

    @property
    def words(self) -> str:
        """Return the formula as the rule page prints it."""
        return _FORMULA_WORDS[self]


_FORMULA_WORDS = {
    Formula.RATIO: "実績 ÷ 目標",
    Formula.INVERSE_RATIO: "目標 ÷ 実績",
    Formula.FROM_BASELINE: "（実績 − 基準値）÷（目標 − 基準値）",
    Formula.FROM_PREVIOUS: "（実績 − 前年度実績）÷（目標 − 前年度実績）",
    Formula.NONE: "達成率を算定しない",
}


class Rounding(Word):
    """What happens to the digits that are not shown (端数処理)."""

    HALF_UP = "half_up", "四捨五入"
    TRUNCATE = "truncate", "切り捨て"


class TargetStatus(Word):
    """Whether a year has a target (目標の状態)."""

    SET = "set", "設定"
    LINKED = "linked", "連動"  # another plan will set it later
    UNSET = "unset", "未設定"


class ActualReason(Word):
    """Why there is no figure where one was due (理由). Each is printed as 「—」 with a footnote."""

    NOT_YET_DUE = "not_yet_due", "集計時期未到来"
    NOT_AT_HALF_YEAR = "not_at_half_year", "上半期は算定しない"
    NOT_CONDUCTED = "not_conducted", "未実施"
    NOT_MEASURABLE = "not_measurable", "測定不能"
    NOT_IN_PAPER = "not_in_paper", "公表資料に記載なし"


class NoRate(Word):
    """Why a rate has no value. Each rate is either a value or one of these."""

    NO_TARGET = "no_target", "目標値が設定されていない"
    TARGET_LINKED = "target_linked", "目標値は他の計画で今後定める"
    NO_ACTUAL = "no_actual", "実績が未入力"
    ACTUAL_IS_REASON = "actual_is_reason", "実績値がない"
    NOT_AT_HALF_YEAR = "not_at_half_year", "上半期は達成率を算定しない"
    NOT_RATED = "not_rated", "達成率を算定しない指標"
    NO_BASE = "no_base", "比較の基準となる値がない"
    BASE_EQUALS_TARGET = "base_equals_target", "基準と目標が同じ値"
    BASE_BEYOND_TARGET = "base_beyond_target", "基準が既に目標を超えている"
    ZERO_TARGET = "zero_target", "目標値が0のため比を算定できない"
    ZERO_TARGET_MET = "zero_target_met", "目標値が0（達成）"
    ZERO_TARGET_MISSED = "zero_target_missed", "目標値が0（未達成）"
    ZERO_ACTUAL = "zero_actual", "実績が0のため比を算定できない"
    NEGATIVE_VALUES = "negative_values", "負の値のため比を算定できない"


class Tone(Word):
    """The colour of a judgement (配色): steps of blue for good, of red for bad, grey for neither."""

    GOOD = "good", "良い（濃い青）"
    FAIR = "fair", "おおむね良い（青）"
    WEAK = "weak", "やや悪い（橙）"
    BAD = "bad", "悪い（赤）"
    NEUTRAL = "neutral", "判定外（灰）"


class JudgementOutcome(Word):
    """What a judgement rests on: a band, or one of the answers where no band applies."""

    BAND = "band", "判定区分による"
    MET = "met", "目標に到達"
    MISSED = "missed", "未達成"
    NOT_DUE = "not_due", "年度末に判定"
    NOT_JUDGED = "not_judged", "判定なし"


class ReminderKind(Word):
    """What a section is reminded of (督促の種別)."""

    OPENED = "opened", "入力開始"
    DUE_SOON = "due_soon", "期限間近"
    LATE = "late", "期限超過"


class FollowUp(Word):
    """What became of the counter-measure that the round before had promised (前回の対応の結果)."""

    DONE = "done", "実施済"
    PARTLY = "partly", "一部実施"
    NOT_DONE = "not_done", "未実施"  # with a reason
    DROPPED = "dropped", "取りやめ"  # with a reason

    @property
    def needs_reason(self) -> bool:
        """Return whether the answer must say why."""
        return self in (FollowUp.NOT_DONE, FollowUp.DROPPED)


class Audience(Word):
    """Who may see a meeting's page (公開範囲)."""

    STAFF = "staff", "準備中（職員のみ）"
    MEMBERS = "members", "委員のみ"
    PUBLIC = "public", "公開"

    def includes(self, other: "Audience") -> bool:
        """Return whether whoever may see what is for the other may see what is for this one."""
        order = list(Audience)
        return order.index(self) >= order.index(other)


class OpinionState(Word):
    """What became of a council's opinion (対応状況)."""

    SETTLED = "settled", "対応済"
    IN_HAND = "in_hand", "対応中"
    LATER = "later", "今後検討"
    DIFFICULT = "difficult", "対応困難"  # with a reason

    @property
    def is_open(self) -> bool:
        """Return whether the next meeting asks again what was done."""
        return self in (OpinionState.IN_HAND, OpinionState.LATER)
