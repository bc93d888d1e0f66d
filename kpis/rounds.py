"""The life of a reporting period: its states, who may move it on, and when figures may change. Pure.

準備中 → 入力中 → 確認中 → 公表済, and from there 訂正 → 公表済 with a new version each time.
"""

from dataclasses import dataclass

from actions.vocabulary import Word

# Permissions, as stored with the reporting period's model; the roles are made of them.
ENTER = "kpis.enter_reportingperiod"
MANAGE = "kpis.manage_reportingperiod"
PREVIEW = "kpis.preview_reportingperiod"


class PeriodState(Word):
    """Where a reporting period stands (状態)."""

    PREPARING = "preparing", "準備中"
    ENTERING = "entering", "入力中"
    CHECKING = "checking", "確認中"
    PUBLISHED = "published", "公表済"
    CORRECTING = "correcting", "訂正中"


class Move(Word):
    """What takes a period from one state to the next."""

    OPEN = "open", "入力を始める"
    CLOSE = "close", "準備中に戻す"
    SUBMIT = "submit", "提出する"
    SEND_BACK = "send_back", "差し戻す"
    PUBLISH = "publish", "公表する"
    REOPEN = "reopen", "訂正を始める"
    ABANDON = "abandon", "訂正を取りやめる"


@dataclass(frozen=True, slots=True)
class Step:
    """One allowed move: from which states, to which, by whom, and whether it must say why."""

    move: Move
    before: tuple[PeriodState, ...]
    after: PeriodState
    permission: str
    needs_reason: bool = False


STEPS = {
    step.move: step
    for step in (
        Step(Move.OPEN, (PeriodState.PREPARING,), PeriodState.ENTERING, MANAGE),
        Step(Move.CLOSE, (PeriodState.ENTERING,), PeriodState.PREPARING, MANAGE, True),
        Step(Move.SUBMIT, (PeriodState.ENTERING,), PeriodState.CHECKING, ENTER),
        Step(Move.SEND_BACK, (PeriodState.CHECKING,), PeriodState.ENTERING, MANAGE, True),
        Step(
            Move.PUBLISH,
            (PeriodState.CHECKING, PeriodState.CORRECTING),
            PeriodState.PUBLISHED,
            MANAGE,
        ),
        Step(Move.REOPEN, (PeriodState.PUBLISHED,), PeriodState.CORRECTING, MANAGE, True),
        Step(Move.ABANDON, (PeriodState.CORRECTING,), PeriodState.PUBLISHED, MANAGE, True),
    )
}

# Who may change a period's figures in each state; in the other states nobody may.
_EDITORS = {
    PeriodState.ENTERING: ENTER,
    PeriodState.CHECKING: MANAGE,
    PeriodState.CORRECTING: ENTER,
}
OPEN_STATES = tuple(_EDITORS)


def editor_permission(state: PeriodState) -> str | None:
    """Return the permission that lets a person change figures in this state; None: nobody may."""
    return _EDITORS.get(state)


def locked_words(state: PeriodState) -> str:
    """Return why figures cannot be changed in this state, for users."""
    if state is PeriodState.PREPARING:
        return "この報告期間は準備中です。公表担当が「入力を始める」と入力できるようになります。"
    if state is PeriodState.PUBLISHED:
        return (
            "この報告期間は公表済みです。数値を直すには、公表担当が「訂正を始める」必要があります。"
        )
    return f"この報告期間は{state.label}のため、公表担当だけが数値を変更できます。"
