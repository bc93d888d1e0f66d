"""Forms that several people may fill in at the same time: nobody overwrites what they never saw."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property

from kpis.admin.words import words_of

SEEN = "seen"


class Lines(forms.Textarea):
    """A text whose line ends stay as they are stored: browsers send another kind."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was typed with one kind of line end."""
        return _one_kind(super().value_from_datadict(data, files, name))


class SeenForm(forms.ModelForm):
    """Puts changes to different fields together and asks about the same field.

    The page carries what its fields said when it was opened. A field that the person left alone
    stays as it is now; one that both changed is a fault, which tells what the other one wrote. Sent
    once more, the person's own value stands.
    """

    seen = forms.CharField(label="画面を開いたときの内容", widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take what the person saw, when the page was opened, for what was there before."""
        super().__init__(*arguments, **options)
        stored = {one.name for one in self.instance._meta.fields} if self.instance.pk else set()
        self._now = {name: _plain(self.initial.get(name)) for name in self.fields if name in stored}
        self._seen = self._now | self._sent()
        self.initial[SEEN] = json.dumps(self._now, ensure_ascii=False)
        for name, value in self._seen.items():
            is_day = isinstance(self.fields[name], forms.DateField)
            self.initial[name] = self.fields[name].to_python(value) if is_day else value

    @cached_property
    def changed_data(self) -> list[str]:
        """Return what the person changed; what was seen is none of it."""
        found = (name for name, bound in self._bound_items() if bound._has_changed())  # type: ignore[attr-defined]  # as Django's own
        return [name for name in found if name != SEEN]

    def clean(self) -> Any:
        """Raise ValidationError at each field that another person changed meanwhile as well."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        contested: dict[str, Any] = {}
        for name, now in self._now.items():
            if name not in cleaned or self._seen[name] == now:
                continue
            if name not in self.changed_data:
                cleaned[name] = getattr(self.instance, name)
            elif _plain(cleaned[name]) != now:
                contested[name] = now
        if contested:
            self._show_again(contested)
            raise ValidationError({name: self._asked(name) for name in contested})
        return cleaned

    def _sent(self) -> dict[str, Any]:
        """Return what the page said when it was opened, as far as it tells."""
        try:
            sent = json.loads(self.data.get(self.add_prefix(SEEN), "")) if self.is_bound else {}
        except ValueError:
            return {}
        known = self._now if isinstance(sent, dict) else {}
        return {name: sent[name] for name in known if name in sent}

    def _show_again(self, contested: dict[str, Any]) -> None:
        """Let the page that asks carry what the other one wrote: it is seen from now on."""
        sent: Any = self.data  # what a browser sends, which takes no changes
        self.data = sent = sent.copy()
        sent[self.add_prefix(SEEN)] = json.dumps(self._seen | contested, ensure_ascii=False)

    def _asked(self, name: str) -> str:
        field, value = self.instance._meta.get_field(name), getattr(self.instance, name)
        return (
            f"この画面を開いている間に、ほかの人が変更しました（今の内容: {words_of(field, value) or value}）。"
            "このまま保存すると、入力した内容に置き換わります。"
        )


def _plain(value: Any) -> Any:
    """Return a field's value as JSON takes it: a record by its key, a day as text."""
    value = getattr(value, "pk", value)
    if value is None or isinstance(value, (bool, int)):
        return value
    return _one_kind(str(value))


def _one_kind(text: Any) -> Any:
    return text.replace("\r\n", "\n") if isinstance(text, str) else text
