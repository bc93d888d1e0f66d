"""What records of both apps share: fiscal years as staff type them, codes, and history."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from actions.fiscal import (
    FIRST_YEAR,
    LAST_YEAR,
    FiscalYearError,
    fiscal_year_label,
    parse_fiscal_year,
)


def code_validator(example: str) -> RegexValidator:
    """Return the rule for codes of records: parts of letters and digits joined by hyphens."""
    return RegexValidator(
        r"^[0-9A-Za-z]+(-[0-9A-Za-z]+)*\Z",
        f"半角の英数字とハイフンで入力してください（例: {example}）。",
    )


def validate_range(year: int) -> None:
    """Raise ValidationError for a year that no spelling names."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError(f"年度は{FIRST_YEAR}年度から{LAST_YEAR}年度までにしてください。")


class FiscalYearFormField(forms.CharField):
    """Takes any spelling of a fiscal year and shows the printed one."""

    def to_python(self, value: Any) -> Any:
        """Return the starting year, or None for blank."""
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return parse_fiscal_year(text)
        except FiscalYearError as error:
            raise ValidationError(str(error), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """Return 令和7年度 for a stored year, and what was typed as it was typed."""
        return fiscal_year_label(value) if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether another year was typed; another spelling is no change."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class FiscalYearField(models.PositiveSmallIntegerField):
    """A fiscal year, stored as its starting year."""

    default_validators = [validate_range]

    def formfield(self, **options: Any) -> Any:
        """Return the form's field."""
        options.pop("widget", None)
        return FiscalYearFormField(
            label=self.verbose_name,
            required=not self.blank,
            help_text=self.help_text or "令和7年度、R7、2025 のように入力します。",
        )


def history(label: str) -> HistoricalRecords:
    """Return the record of every change with who, when and why, named in Japanese."""
    return HistoricalRecords(
        verbose_name=f"{label}の変更履歴",
        verbose_name_plural=f"{label}の変更履歴",
        history_change_reason_field=models.TextField("変更理由", blank=True, null=True),
    )
