"""Rows below a record that everyone can tell apart, also by ear."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class NamedCells(admin.TabularInline):
    """Rows whose inputs have names: of their columns, which Django leaves to the eye."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Name the input after its column."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", str(field.label))
        return field

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Name the box that deletes a row, too."""
        made = super().get_formset(request, obj, **options)

        class Named(made):  # type: ignore[misc,valid-type]  # a class made for this page
            def add_fields(self, form: Any, index: Any) -> None:
                super().add_fields(form, index)
                if "DELETE" in form.fields:
                    form.fields["DELETE"].widget.attrs["aria-label"] = "この行を削除"

        return Named
