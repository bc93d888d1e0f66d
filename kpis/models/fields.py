"""Fields and history that several records share."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from kpis.numerals import (
    DECIMALS,
    INTEGER_DIGITS,
    FigureError,
    check_digits,
    format_exact,
    has_more_decimals,
    parse_figure,
)

MILESTONE_ONLY = "達成有無の指標には、1（達成）か 0（未達成）を入力してください。"


def validate_exact(figure: Decimal) -> None:
    """Raise ValidationError for more digits than every database gives back."""
    try:
        check_digits(figure)
    except FigureError as error:
        raise ValidationError(str(error)) from None


def excess_decimals(value: Decimal | None, decimals: int) -> bool:
    """Return whether the figure has more decimals than its indicator is recorded with."""
    return value is not None and value.is_finite() and has_more_decimals(value, decimals)


class FigureFormField(forms.CharField):
    """Takes a figure as staff type it and shows it with thousands separators, without spare zeros."""

    def to_python(self, value: Any) -> Any:
        """Return the figure, or None for blank."""
        if isinstance(value, Decimal):
            return value
        try:
            figure = parse_figure(super().to_python(value) or "")
            if figure is not None:
                check_digits(figure)
        except FigureError as error:
            raise ValidationError(str(error), code="invalid") from None
        return figure

    def prepare_value(self, value: Any) -> Any:
        """Return the printed form of a stored figure, and what was typed as it was typed."""
        return format_exact(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another figure was typed; another spelling is no change."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


if TYPE_CHECKING:
    _Decimals = models.DecimalField[Decimal | None, Decimal | None]
else:
    _Decimals = models.DecimalField


class FigureField(_Decimals):
    """A measured figure: 15 digits before and 4 after the point, 15 significant, or none."""

    default_validators = [validate_exact]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Fix the digits; a figure may be absent."""
        options |= {
            "max_digits": INTEGER_DIGITS + DECIMALS,
            "decimal_places": DECIMALS,
            "null": True,
            "blank": True,
        }
        super().__init__(*arguments, **options)

    def formfield(self, **options: Any) -> Any:
        """Return the form's field."""
        return FigureFormField(
            label=self.verbose_name,
            required=False,
            help_text=self.help_text,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 14}),
        )


def history(label: str) -> HistoricalRecords:
    """Return the record of every change with who, when and why, named in Japanese."""
    return HistoricalRecords(
        verbose_name=f"{label}の変更履歴",
        verbose_name_plural=f"{label}の変更履歴",
        history_change_reason_field=models.TextField("変更理由", blank=True, null=True),
    )
