"""The read model as text and back: what a publication stores. Pure.

Canonical JSON (sorted keys, no spaces), so that the same progress gives the same bytes and the
same SHA-256. Decimals, dates and codes are texts; each dataclass is an object of its fields.
"""

import dataclasses
import datetime as dt
import hashlib
import json
import types
import typing
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any

from kpis.numerals import plain
from kpis.progress import (
    Actual,
    IndicatorProgress,
    KgiYear,
    MeasureFacts,
    MeetingProgress,
    PlanProgress,
    Publicity,
    Target,
)

SCHEMA = 4


class PayloadError(ValueError):
    """A stored publication that cannot be read; its message is Japanese, for users."""


def dump(progress: PlanProgress) -> str:
    """Return the progress as canonical JSON text."""
    document = {"schema": SCHEMA, "progress": _encode(progress)}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str) -> PlanProgress:
    """Return the progress that ``dump`` wrote, also that of an older program.

    Raises PayloadError for anything else.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise PayloadError("公表データがJSONとして読み取れません。") from None
    found = document.get("schema") if isinstance(document, dict) else None
    if type(found) is not int or found not in _READABLE or set(document) != {"schema", "progress"}:
        raise PayloadError(f"公表データの形式の版（{found}）にこのプログラムは対応していません。")
    try:
        return typing.cast(PlanProgress, _decoder(PlanProgress, found)(document["progress"]))
    except (TypeError, ValueError, KeyError, InvalidOperation) as error:
        raise PayloadError(f"公表データの内容が壊れています（{error}）。") from error


# What each schema's successor holds besides, and what stands there in older publications: the
# first one knew neither actions nor meetings, the second no revisions and no years of indicators,
# the third no answers to missed targets. Schemas 2 and 3 kept open opinions only of older meetings.
_ADDED: dict[int, dict[type, dict[str, Any]]] = {
    1: {PlanProgress: {"actions": [], "meetings": []}},
    2: {
        IndicatorProgress: {
            **dict.fromkeys(("start_year", "end_year", "renamed_year")),
            **dict.fromkeys(("former_name", "successor", "review_reason"), ""),
            "bands": [],
        },
        Target: {"words": "", "decided_on": None, "revisions": []},
        Actual: {"forecast": None, "forecast_display": "", "carried_from": None},
        KgiYear: {"expected": "", "comparator_value": None, "comparisons": [], "revisions": []},
    },
    3: {
        Actual: {
            **{"next_step_owner": "", "next_step_due": None},
            **{"follow_up": None, "follow_up_note": ""},
        },
        MeasureFacts: {"description": ""},
        MeetingProgress: {"key": 0},
        Publicity: {"item": ""},
    },
}
_READABLE = {*_ADDED, SCHEMA}


def _added_since(schema: int, kind: type) -> dict[str, Any]:
    """Return what an older program did not write of the kind, as this one would have written it."""
    added: dict[str, Any] = {}
    for older in range(schema, SCHEMA):
        added |= _ADDED[older].get(kind, {})
    return added


def digest(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _encode(value: Any) -> Any:
    kind: Any = type(value)
    return _encoder(kind)(value)


# A large plan's publication holds some hundred thousand values of thirty kinds, so what is to be
# done with a kind is worked out once, not at each value.
@cache
def _encoder(kind: Any) -> Callable[[Any], Any]:
    if dataclasses.is_dataclass(kind):
        names = tuple(field.name for field in dataclasses.fields(kind))
        return lambda value: {name: _encode(getattr(value, name)) for name in names}
    if issubclass(kind, tuple):
        return lambda value: [_encode(one) for one in value]
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, Decimal):
        return plain
    if issubclass(kind, dt.date):  # datetime is a date too
        return lambda value: value.isoformat()
    return lambda value: value


@cache
def _decoder(kind: Any, schema: int) -> Callable[[Any], Any]:
    """Return what reads a value of the kind as the schema wrote it, or raises."""
    origin, kinds = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        inner = _decoder(next(one for one in kinds if one is not types.NoneType), schema)
        return lambda value: None if value is None else inner(value)
    if origin is tuple and kinds[-1] is Ellipsis:
        one_of_them = _decoder(kinds[0], schema)
        return lambda value: tuple(map(one_of_them, _list(value)))
    if origin is tuple:
        return _tuple_decoder(tuple(_decoder(one, schema) for one in kinds))
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(kind, schema)
    return _scalar_decoder(kind)


def _tuple_decoder(parts: tuple[Callable[[Any], Any], ...]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if len(_list(value)) != len(parts):
            raise TypeError(f"一覧の長さが合わない: {value!r}")
        return tuple(part(one) for part, one in zip(parts, value, strict=True))

    return read


def _dataclass_decoder(kind: Any, schema: int) -> Callable[[Any], Any]:
    hints, added = typing.get_type_hints(kind), _added_since(schema, kind)
    parts = {one.name: _decoder(hints[one.name], schema) for one in dataclasses.fields(kind)}

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"{kind.__name__} の項目が合わない")
        content = added | value if added else value
        if content.keys() != parts.keys():
            raise TypeError(f"{kind.__name__} の項目が合わない")
        return kind(**{name: part(content[name]) for name, part in parts.items()})

    return read


def _scalar_decoder(kind: Any) -> Callable[[Any], Any]:
    if kind in _READ or issubclass(kind, Enum):
        return lambda value: _read(kind, _text(value))

    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{kind.__name__} ではない: {value!r}")
        return value

    return read


def _list(value: Any) -> Any:
    if not isinstance(value, list):
        raise TypeError(f"一覧ではない: {value!r}")
    return value


_READ: dict[Any, Callable[[str], Any]] = {
    Decimal: Decimal,
    dt.datetime: dt.datetime.fromisoformat,
    dt.date: dt.date.fromisoformat,
}


def _read(kind: Any, text: str) -> Any:
    try:
        value = _READ.get(kind, kind)(text)
    except (ValueError, InvalidOperation):
        raise ValueError(f"{kind.__name__} ではない: {text!r}") from None
    if kind is Decimal and not value.is_finite():
        raise ValueError(f"有限の数ではない: {text!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"文字列ではない: {value!r}")
    return value
