"""Whose turn is it: where each section in charge stands in a round, and what it is told. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from actions.fiscal import Period, Term, date_label
from actions.vocabulary import Word
from kpis.entry import EntryRow
from kpis.rounds import PeriodState
from kpis.vocabulary import ReminderKind

DUE_SOON_DAYS = 7  # from so many days before the due date until the day itself
_WEEKDAYS = "月火水木金土日"
# The most urgent last: whoever was told something urgent is not told the milder thing afterwards.
_BY_URGENCY = (ReminderKind.OPENED, ReminderKind.DUE_SOON, ReminderKind.LATE)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where one section in charge stands in a round."""

    section: str
    number: int
    entered: int
    missing: tuple[EntryRow, ...]
    doubtful: tuple[EntryRow, ...]  # entered, but a doubt has no word of reason yet


class Standing(Word):
    """How a section stands, as a code for its look; the label is its sign."""

    DONE = "done", "✓"
    DOUBTFUL = "doubtful", "？"
    WAITING = "waiting", "・"
    SOON = "soon", "！"
    LATE = "late", "！！"


def turns(rows: Iterable[EntryRow]) -> tuple[Turn, ...]:
    """Return every section of the rows in order of first appearance; none for no rows."""
    by_section: dict[str, list[EntryRow]] = {}
    for row in rows:
        by_section.setdefault(row.section, []).append(row)
    return tuple(_turn(section, own) for section, own in by_section.items())


def _turn(section: str, rows: Sequence[EntryRow]) -> Turn:
    missing = tuple(row for row in rows if not row.entry.is_entered)
    return Turn(
        section=section,
        number=len(rows),
        entered=len(rows) - len(missing),
        missing=missing,
        doubtful=tuple(row for row in rows if row.open_cautions(row.entry)),
    )


def round_label(period: Period) -> str:
    """Return the period so that a whole year is not taken for a half: 令和7年度（年度）."""
    return f"{period.label}（{period.term.label}）" if period.term is Term.FY else period.label


def due_label(due: dt.date) -> str:
    """Return the due date as a letter prints it: 令和8年4月20日（月）."""
    return f"{date_label(due)}（{_WEEKDAYS[due.weekday()]}）"


def lateness(due: dt.date | None, today: dt.date) -> str:
    """Return how far off the due date is, in words; blank where none is set."""
    if due is None:
        return ""
    days = (due - today).days
    if days == 0:
        return "本日が期限"
    return f"期限まであと{days}日" if days > 0 else f"期限を{-days}日過ぎています"


def standing(turn: Turn, due: dt.date | None, today: dt.date) -> tuple[Standing, str]:
    """Return how the section stands and what to say of it; ``due`` is None where nothing is due."""
    if not turn.missing:
        if turn.doubtful:
            return Standing.DOUBTFUL, "確認した内容が未記入"
        return Standing.DONE, "完了"
    words = lateness(due, today) or "未入力あり"
    if due is None or (due - today).days > DUE_SOON_DAYS:
        return Standing.WAITING, words
    return (Standing.LATE if due < today else Standing.SOON), words


def whose_turn(state: PeriodState, sections: Iterable[Turn]) -> str:
    """Return who has to act next in a round of this state, and what there is to do."""
    if state is PeriodState.CHECKING:
        return "公表担当（確認して公表するか、差し戻す番です）"
    if state is PeriodState.CORRECTING:
        return "入力担当と公表担当（数値を直し、理由を付けて公表する番です）"
    if state is not PeriodState.ENTERING:
        return "公表担当"
    if any(one.missing or one.doubtful for one in sections):
        return "所管課・入力担当（実績を入力する番です）"
    return "入力担当（すべて入力済みのため、提出する番です）"


@dataclass(frozen=True, slots=True)
class OwnStep:
    """What one person can do next in a round: the page on which it is done, and its words."""

    page: str
    words: str


def own_steps(
    state: PeriodState, sections: Iterable[Turn], *, may_enter: bool, may_manage: bool
) -> tuple[OwnStep, ...]:
    """Return what this person does next, the first thing first; nothing where others have to act."""
    if state is PeriodState.ENTERING:
        rows = tuple(sections)
        waits = may_manage and any(one.missing for one in rows)
        also = (OwnStep("reminders", "督促文を用意する"),) if waits else ()
        return ((_own_entry(rows),) if may_enter else ()) + also
    publishing = (OwnStep("readiness", "確かめて公表する"),) if may_manage else ()
    if state is PeriodState.CORRECTING:
        return ((OwnStep("entry", "数値を直す"),) if may_enter else ()) + publishing
    return publishing if state is PeriodState.CHECKING else ()


def _own_entry(sections: Sequence[Turn]) -> OwnStep:
    if missing := sum(len(one.missing) for one in sections):
        return OwnStep("entry", f"実績を入力する（未入力{missing}件）")
    if doubtful := sum(len(one.doubtful) for one in sections):
        return OwnStep("entry", f"要確認の値を確かめる（{doubtful}件）")
    return OwnStep("entry", "見直して提出する")


@dataclass(frozen=True, slots=True)
class Round:
    """What a message says about the round itself."""

    plan: str
    office: str  # the plan's own section, which answers questions; may be blank
    period: Period
    due: dt.date


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to one section."""

    kind: ReminderKind
    subject: str
    body: str


def due_kind(
    turn: Turn, due: dt.date, today: dt.date, told: Collection[ReminderKind] = ()
) -> ReminderKind | None:
    """Return what the section is to be told today; None where there is nothing new to tell.

    ``told`` holds what it was told already for this due date: nothing is told twice, and nothing
    mild after something urgent.
    """
    days = (due - today).days
    if turn.missing and days <= DUE_SOON_DAYS:
        kind = ReminderKind.LATE if days < 0 else ReminderKind.DUE_SOON
    elif days >= 0:
        kind = ReminderKind.OPENED
    else:
        return None
    reached = max((_BY_URGENCY.index(one) for one in told), default=-1)
    return kind if _BY_URGENCY.index(kind) > reached else None


def notice(
    about: Round,
    turn: Turn,
    today: dt.date,
    told: Collection[ReminderKind] = (),
    *,
    due_changed: bool = False,
    address: str = "",
) -> Notice | None:
    """Return the message that the section is to get today; None where there is none.

    ``due_changed`` says that it was told another due date before. ``address`` is that of the
    section's entry screen, blank where it is not known.
    """
    kind = due_kind(turn, about.due, today, told)
    if kind is None:
        return None
    return Notice(
        kind=kind,
        subject=_subject(kind, about, today, due_changed),
        body="\n\n".join(
            part
            for part in (
                f"{turn.section} ご担当者様",
                f"「{about.plan}」の進捗管理に、日頃からご協力いただきありがとうございます。",
                _request(kind, about, turn, today, due_changed),
                f"■ 入力期限\n{due_label(about.due)}　{lateness(about.due, today)}",
                _listed(
                    f"未入力の指標（担当{turn.number}件のうち{len(turn.missing)}件）", turn.missing
                ),
                _listed("確認した内容の記入をお願いする指標", turn.doubtful),
                _ways(about, address),
                _closing(about),
            )
            if part
        )
        + "\n",
    )


def _subject(kind: ReminderKind, about: Round, today: dt.date, due_changed: bool) -> str:
    on_the_day = about.due == today
    mark = {
        ReminderKind.OPENED: "期限変更のお知らせ" if due_changed else "入力のお願い",
        ReminderKind.DUE_SOON: "本日が入力期限です" if on_the_day else "入力期限が近づいています",
        ReminderKind.LATE: "入力期限を過ぎています",
    }[kind]
    due = f"{about.due.month}月{about.due.day}日（{_WEEKDAYS[about.due.weekday()]}）"
    words = f"【{mark}】{about.plan} {round_label(about.period)}の実績 期限: {due}"
    return " ".join(words.split())  # a line break in a plan's name would end the header


def _request(
    kind: ReminderKind, about: Round, turn: Turn, today: dt.date, due_changed: bool
) -> str:
    what = f"{round_label(about.period)}の実績"
    if kind is ReminderKind.LATE:
        days = (today - about.due).days
        return (
            f"{what}につきまして、入力期限を{days}日過ぎておりますが、下記の指標の入力が確認できておりません。\n"
            "お忙しいところ恐れ入りますが、至急、入力をお願いいたします。"
        )
    if kind is ReminderKind.DUE_SOON:
        when = (
            "本日が入力期限となっております" if about.due == today else "入力期限が近づいております"
        )
        return (
            f"{what}につきまして、{when}が、下記の指標が未入力となっております。\n"
            "お忙しいところ恐れ入りますが、期限までに入力をお願いいたします。"
        )
    news = f"{what}の入力期限が変わりました。" if due_changed else f"{what}の入力を始めました。"
    if not turn.missing:
        return f"{news}\n担当の指標（{turn.number}件）はすべて入力済みです。内容のご確認をお願いいたします。"
    return f"{news}\n下記の指標について、期限までに入力をお願いいたします。"


def _listed(title: str, rows: Sequence[EntryRow]) -> str:
    if not rows:
        return ""
    return "\n".join([f"■ {title}", *(f"・{row.code}　{row.name}" for row in rows)])


def _ways(about: Round, address: str) -> str:
    title = f"「{round_label(about.period)}の実績入力」"
    screen = (
        f"次のアドレスの入力画面\n   {address}" if address else f"管理画面の{title}から「入力画面」"
    )
    return (
        "■ 入力の方法（どちらでも結構です）\n"
        f"1. 管理画面で入力する: {screen}\n"
        "2. Excelで入力する: 管理画面から入力用のExcelファイルをダウンロードし、記入したファイルを取り込む\n"
        "※ 数値が出ない指標は、空欄のままにせず、「—」の理由（未実施、集計時期未到来など）を選んでください。"
    )


def _closing(about: Round) -> str:
    office = f"{about.office}まで" if about.office else "計画の担当まで"
    return (
        "行き違いで既に入力いただいている場合は、ご容赦ください。\n"
        f"ご不明な点は、{office}お問い合わせください。"
    )
