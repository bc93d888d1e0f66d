"""The log of who did what: a line for each act once it is stored, none for one that is taken back.

A line names the act, the person and the record, and counts; contents stay in the records and their
history, so that nothing of an unpublished figure is in the log. How a line looks and where it goes
is the project's.
"""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from actions.fiscal import Period
from actions.models import Plan
from actions.vocabulary import Word
from kpis.models import Publication, ReportingPeriod
from kpis.planbook.imported import Imported
from kpis.rounds import Move
from kpis.services.settling import Saved

LOGGER = logging.getLogger("kadoma.journal")
Given = ParamSpec("Given")
Result = TypeVar("Result")


class Act(Word):
    """What somebody did: a code that stays for programs, and words for people."""

    SAVED = "entries.save", "実績を保存した"
    ACTIONS_SAVED = "actions.save", "アクションの記入を保存した"
    IMPORTED = "entries.import", "実績のExcelを取り込んだ"
    ACTIONS_IMPORTED = "actions.import", "アクションのExcelを取り込んだ"
    BOOK_IMPORTED = "planbook.import", "計画ブックを取り込んだ"
    MOVED = "period.move", "期間を進めた、または戻した"
    OPENED = "period.open", "入力を始めた"
    SUBMITTED = "period.submit", "提出した"
    PUBLISHED = "period.publish", "公表した"
    RULES = "rules.change", "算定ルールを変更した"
    BANDS = "bands.change", "判定基準を変更した"
    TARGETS = "targets.set", "目標を登録した"
    TARGET_REVISED = "targets.revise", "目標を改定した"
    TARGET_CORRECTED = "targets.correct", "目標の誤りを訂正した"
    KGI_REVISED = "kgi.revise", "KGIの統計を改定した"
    MANY = "records.bulk", "まとめて変更した"
    PERIODS = "year.periods", "年度更新で期間を用意した"
    CARRIED = "year.actions", "年度更新でアクションを引き継いだ"
    ANSWERED = "opinions.answer", "意見への対応を記入した"
    PAPER = "papers.keep", "会議資料を保存した"
    SAMPLES = "samples.change", "例示を登録または削除した"
    MAILED = "mail.send", "督促のメールを送った"
    RECORD = "record.change", "管理画面で登録・変更・削除した"
    SIGNED_IN = "auth.login", "ログインした"
    SIGNED_OUT = "auth.logout", "ログアウトした"
    SIGN_IN_FAILED = "auth.failed", "ログインに失敗した"
    LOCKED_OUT = "auth.locked", "間違いが続いたためログインを止めた"
    REFUSED = "request.refused", "権限がなく断った"
    TAKEN_OUT = "draft.export", "公表前の内容をファイルで受け取った"
    COMMAND = "command.end", "コマンドを実行した"
    STARTED = "server.start", "サーバーを開始した"
    STOPPED = "server.stop", "サーバーを終了した"


def note(act: Act, *, by: str = "", level: int = logging.INFO, **facts: object) -> None:
    """Log one act now. ``facts`` say which record, in short."""
    event = {"event": act.value, "what": act.label, "person": by, **facts}
    LOGGER.log(level, act.label, extra={"event": event})


def told(act: Act) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Log the act of a service when its transaction is committed.

    Stands below ``transaction.atomic``, so that what is taken back is not told.
    """

    def decorated(service: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(service)
        def telling(*args: Given.args, **given: Given.kwargs) -> Result:
            result = service(*args, **given)
            if not (isinstance(result, Saved) and result.conflicts):  # then nothing was written
                facts = {**_asked(given), **_done(result)}
                person = given.get("by")
                by = person.get_username() if isinstance(person, User) else ""
                transaction.on_commit(lambda: note(act, by=by, **facts))
            return result

        return telling

    return decorated


def _asked(given: Mapping[str, object]) -> dict[str, Any]:
    """Return which records the service was asked to change."""
    facts: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, ReportingPeriod):
            facts |= {"plan": _slug(value), "period": value.period.code}
        elif isinstance(value, Plan):
            facts["plan"] = value.slug
        elif isinstance(value, Period):
            facts["period"] = value.code
        elif isinstance(value, Move):
            facts["move"] = value.value
        elif isinstance(value, Model) and not isinstance(value, User):
            facts[name] = value.pk
    return facts


def _slug(period: ReportingPeriod) -> object:
    """Return the plan's slug, or its key where the slug would take a query of its own."""
    plan: Any = period._state.fields_cache.get("plan")
    return period.plan_id if plan is None else plan.slug


def _done(result: object) -> dict[str, Any]:
    """Return how much the service changed, where it says so."""
    if isinstance(result, Publication):
        return {"version": result.version, "sha256": result.sha256}
    if isinstance(result, int):
        return {"count": int(result)}
    if isinstance(result, Imported):
        return {"plan": result.slug, "count": len(result.differences)}
    if isinstance(result, Saved):
        return {"count": len(result.changed)}
    return {}
