"""Fields and history that several records share."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


def figure_field(label: str, **options: Any) -> "models.DecimalField[Any, Any]":
    """Return a field for a measured figure: 15 digits before and 4 after the point, or none."""
    options = {"null": True, "blank": True, **options}
    return models.DecimalField(label, max_digits=19, decimal_places=4, **options)


def history(label: str) -> HistoricalRecords:
    """Return the record of every change with who, when and why, named in Japanese."""
    return HistoricalRecords(
        verbose_name=f"{label}の変更履歴",
        verbose_name_plural=f"{label}の変更履歴",
        history_change_reason_field=models.TextField("変更理由", blank=True, null=True),
    )
