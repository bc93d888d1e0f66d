"""Stored values in the words of the forms."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Field

from actions.fields import FiscalYearField
from actions.fiscal import date_label, fiscal_year_label
from kpis.numerals import format_exact

NONE = "（なし）"
_FLAGS = {
    "rated_at_half_year": {True: "算定する", False: "算定しない"},
    "keep_zeros": {True: "残す", False: "省く"},
}


def flag_words(name: str) -> dict[bool, str]:
    """Return what the two values of a yes-or-no field are called."""
    return _FLAGS.get(name, {True: "はい", False: "いいえ"})


def words_of(field: "Field[Any, Any]", value: Any) -> str | None:
    """Return the printed figure, day or year, the choice's label, or （なし）; None for others."""
    if value is None or value == "":
        return NONE
    if isinstance(value, bool):
        return flag_words(field.name)[value]
    if isinstance(value, Decimal):
        return format_exact(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return date_label(value)
    if isinstance(field, FiscalYearField):
        return fiscal_year_label(value)
    found = dict(getattr(field, "flatchoices", ())).get(value)
    return None if found is None else str(found)
