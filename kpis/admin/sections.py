"""The section in charge, typed: what is already in use is offered, so that a name keeps one spelling."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from kpis.selectors.records import known_sections


class SectionInput(forms.TextInput):
    """A text with the sections that the records name; another one may be typed as well."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the input and its list."""
        key = f"sections-{name}"
        shown = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}"></option>', _rows())
        return format_html('{}<datalist id="{}">{}</datalist>', shown, key, options)


def _rows() -> list[tuple[str]]:
    return [(one,) for one in known_sections()]


class SectionField:
    """For the staff page of a record that a section is in charge of."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer the known sections."""
        if db_field.name == "section":
            options["widget"] = SectionInput(attrs={"class": "vTextField", "size": 40})
        return super().formfield_for_dbfield(db_field, request, **options)  # type: ignore[misc]
