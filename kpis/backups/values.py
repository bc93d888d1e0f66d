"""A row's values as JSON and back, exactly: figures, days and files keep their type and digits."""

import base64
import datetime as dt
from decimal import Decimal
from typing import Any


def encode(value: Any) -> Any:
    """Return the value as JSON has it. Raises TypeError for a type that no column has."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"no way to keep {type(value).__name__}")


def decode(field: Any, value: Any) -> Any:
    """Return what ``encode`` was given, as the field has it. Raises ValidationError, ValueError."""
    return None if value is None else field.to_python(value)
