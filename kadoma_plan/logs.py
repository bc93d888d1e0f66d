"""How the log looks and where it goes: one line an event, as JSON or for the eye.

Whatever a line tells was written by somebody: in both forms a line end or any other control
character within it is spelled out, so that nobody can write lines of their own.
"""

import datetime as dt
import json
import logging
import os
import sys
import traceback
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FORMS = ("json", "text")
TOKYO = ZoneInfo("Asia/Tokyo")
_LONGEST = 300  # letters of one value

# What every line of a request tells: its number, and on request who and from where.
current: ContextVar[Any] = ContextVar("current", default=None)


def plain(value: object) -> object:
    """Return the value as it may stand in a line: short, and texts without control characters."""
    if value is None or isinstance(value, bool | int):
        return value
    text = str(value)[:_LONGEST]
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def facts_of(record: logging.LogRecord) -> dict[str, object]:
    """Return what the line tells, in the order in which it does."""
    at = dt.datetime.fromtimestamp(record.created, TOKYO)
    facts: dict[str, object] = {"time": at.isoformat(timespec="milliseconds")}
    facts["level"] = record.levelname
    event = getattr(record, "event", {"event": record.name, "what": record.getMessage()})
    request = current.get()
    own = {} if request is None else request.facts()
    said = {name: value for name, value in event.items() if value not in ("", None)}
    facts |= {"event": "", "what": ""}  # in this order
    facts |= {name: plain(value) for name, value in {**own, **said}.items() if value != ""}
    if record.exc_info and record.exc_info[0]:
        facts["error"] = _error(record.exc_info[1])
    return facts


def _error(error: BaseException | None) -> str:
    """Return where an error arose and its first line: what follows may quote a record's figures."""
    if error is None:
        return ""
    steps = traceback.extract_tb(error.__traceback__)
    way = " < ".join(f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in steps[::-1])
    first = (str(error).splitlines() or [""])[0]
    return f"{type(error).__name__}: {plain(first)} ({way})"


class JsonLine(logging.Formatter):
    """One JSON object a line, its Japanese readable."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(facts_of(record), ensure_ascii=False)


class TextLine(logging.Formatter):
    """The same for the eye: 2026-04-20 10:00:00 INFO 公表した person=kohyo period=2025-FY."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = facts_of(record)
        time = str(facts.pop("time"))[:19].replace("T", " ")
        level, what, _ = facts.pop("level"), facts.pop("what", ""), facts.pop("event", "")
        return " ".join([f"{time} {level} {what}", *(f"{n}={_word(v)}" for n, v in facts.items())])


def _word(value: object) -> str:
    """Return the value as one word: in quotes where it could be taken for several."""
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if set(text) & set(' ="') else text


class DatedFile(logging.Handler):
    """A file a day in a folder, 2026-04-20.log, to which several processes add at once.

    No file is ever renamed, which Windows forbids while another process has it open, and each line
    is added in one piece.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder where it is missing."""
        super().__init__()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Add the line to the file of its day; who works is not stopped by a full disk."""
        try:
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
            day = dt.datetime.fromtimestamp(record.created, TOKYO).date()
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            file = os.open(self.folder / f"{day}.log", flags, 0o640)
            try:
                os.write(file, line)
            finally:
                os.close(file)
        except OSError:
            self.handleError(record)


def logging_settings(form: str, folder: Path | None) -> dict[str, Any]:
    """Return Django's LOGGING: to standard error, and to the folder where there is one.

    Without a chosen form a person at a terminal reads text, and programs read JSON.
    """
    chosen = form or ("text" if sys.stderr and sys.stderr.isatty() else "json")
    handlers: dict[str, Any] = {"console": {"class": "logging.StreamHandler", "formatter": chosen}}
    if folder is not None:
        kept = {"()": "kadoma_plan.logs.DatedFile", "folder": folder, "formatter": form or "json"}
        handlers["folder"] = kept
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "kadoma_plan.logs.JsonLine"},
            "text": {"()": "kadoma_plan.logs.TextLine"},
        },
        "handlers": handlers,
        "root": {"handlers": [*handlers], "level": "WARNING"},
        "loggers": {
            # Django's own handlers would tell everything twice, and mail nobody.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "kadoma": {"level": "INFO"},
            # Pages that are not there are no event; refusals are told with who was refused.
            "django.request": {"level": "ERROR"},
            "axes": {"level": "ERROR"},
        },
    }
