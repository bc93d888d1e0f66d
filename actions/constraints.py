"""Database rules whose message stands at the field that it is about, not above the whole form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models


class _AtField:
    """Adds ``field``: where the message is shown."""

    field: str

    def __init__(self, *, field: str, **options: Any) -> None:
        """Make the rule with the field that shows its message."""
        self.field = field
        super().__init__(**options)

    def validate(
        self, model: Any, instance: Any, exclude: Any = None, using: str = "default"
    ) -> None:
        """Raise ValidationError at the field; above the form where the form lacks the field."""
        try:
            super().validate(model, instance, exclude=exclude, using=using)  # type: ignore[misc]
        except ValidationError as error:
            if exclude and self.field in exclude:
                raise
            raise ValidationError({self.field: error.messages}) from None

    def deconstruct(self) -> Any:
        """Return what migrations store."""
        path, arguments, options = super().deconstruct()  # type: ignore[misc]
        return path, arguments, options | {"field": self.field}


class Check(_AtField, models.CheckConstraint):
    """A condition that every row meets."""


class Unique(_AtField, models.UniqueConstraint):
    """Fields whose values together stand once only."""
