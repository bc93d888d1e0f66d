"""Fields of figures that several records share."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from actions.fiscal import date_label
from kpis.days import parse_due
from kpis.milestones import is_in_words, parse_milestone, shown_figure
from kpis.numerals import (
    DECIMALS,
    INTEGER_DIGITS,
    FigureError,
    check_digits,
    has_more_decimals,
    parse_figure,
)
from kpis.vocabulary import Kind


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
    """Takes a figure as staff type it and shows it with thousands separators, without spare zeros.

    A form of an indicator's figures sets ``takes_words``, and ``kind`` as far as it knows it: a
    milestone's figure is shown in words. Whether words were right the form as a whole decides.
    """

    kind = Kind.CUMULATIVE
    takes_words = False

    def to_python(self, value: Any) -> Any:
        """Return the figure, or None for blank."""
        if isinstance(value, Decimal):
            return value
        text = super().to_python(value) or ""
        try:
            in_words = self.takes_words and is_in_words(text)
            figure = parse_milestone(text) if in_words else parse_figure(text)
            if figure is not None:
                check_digits(figure)
        except FigureError as error:
            raise ValidationError(str(error), code="invalid") from None
        return figure

    def prepare_value(self, value: Any) -> Any:
        """Return the printed form of a stored figure, and what was typed as it was typed."""
        return shown_figure(self.kind, value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another figure was typed; another spelling is no change."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


class DueFormField(forms.CharField):
    """Takes until when something is to be done as staff type it, a month for its last day."""

    def to_python(self, value: Any) -> Any:
        """Return the day, or None for blank."""
        if isinstance(value, dt.date):
            return value
        text = super().to_python(value) or ""
        try:
            return parse_due(text) if text else None
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """Return a stored day in era years, and what was typed as it was typed."""
        return date_label(value) if isinstance(value, dt.date) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another day was typed; another spelling is no change."""
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
