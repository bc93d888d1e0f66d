"""What the page of a set target sends: its revision (改定), or the correction of a mistake."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from kpis.entry import clean_text
from kpis.models import Target
from kpis.numerals import format_exact
from kpis.selectors.targets import content_of
from kpis.targetcells import read_day, read_source, read_value
from kpis.targets import Content, correction_faults, revision_faults
from kpis.vocabulary import Kind, TargetStatus

REVISION, CORRECTION = "revision", "correction"
_CHOICES = (
    (REVISION, "改定（改定前の目標を残し、公開ページに「改定」と示す）"),
    (CORRECTION, "誤りの訂正（登録の誤りを直す。改定前の目標としては残らず、変更履歴に残る）"),
)
_LONG = {"size": 60, "class": "wide"}
_SHORT = {"size": 20, "class": "short", "autocomplete": "off"}


class RevisionForm(forms.Form):
    """What becomes of a set target, and why."""

    what = forms.ChoiceField(
        label="改定か、誤りの訂正か", choices=_CHOICES, widget=forms.RadioSelect, initial=REVISION
    )
    status = forms.ChoiceField(
        label="新しい状態",
        choices=TargetStatus.choices(),
        help_text="通常は「設定」のままです。目標を他の計画に委ねるときは「連動」、取り下げるときは「未設定」。",
    )
    value = forms.CharField(
        label="新しい目標値",
        required=False,
        widget=forms.TextInput(attrs=_SHORT),
        help_text="「連動」「未設定」のときは空欄にします。",
    )
    source = forms.CharField(
        label="根拠",
        required=False,
        widget=forms.TextInput(attrs=_LONG),
        help_text="目標を決めた資料の名前。「連動」のときは、目標を定める計画の名前。",
    )
    decided_on = forms.CharField(
        label="決定日",
        required=False,
        widget=forms.TextInput(attrs=_SHORT),
        help_text="根拠の資料で決まった日。例: 2026/3/25、令和8年3月25日",
    )
    revised_on = forms.CharField(
        label="改定日",
        required=False,
        widget=forms.TextInput(attrs=_SHORT),
        help_text="この日から新しい目標になります。誤りの訂正のときは空欄にします。",
    )
    reason = forms.CharField(
        label="理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "wide"}),
        help_text="改定の理由は公表されます。訂正の理由は変更履歴に残ります。",
    )
    seen = forms.CharField(label="画面を開いたときの内容", widget=forms.HiddenInput, required=False)

    def __init__(self, target: Target, data: Any = None) -> None:
        """Begin with the target as it stands."""
        stands = content_of(target)
        figure = "" if target.value is None else stands.words or format_exact(target.value)
        day = f"{target.decided_on:%Y/%m/%d}" if target.decided_on else ""
        begin = {"status": stands.status.value, "value": figure, "seen": stands.mark}
        super().__init__(data, initial={**begin, "source": target.source, "decided_on": day})
        self.target = target
        for name in ("value", "source", "decided_on", "revised_on", "reason", "status"):
            self.fields[name].widget.attrs["aria-describedby"] = f"id_{name}_help id_{name}_fault"

    def clean_value(self) -> Any:
        """Return the figure with a milestone's words. Raises ValidationError."""
        one = self.target.indicator
        text = self.cleaned_data["value"]
        return _read(lambda: read_value(text, Kind(one.kind), one.unit, one.decimals))

    def clean_source(self) -> Any:
        """Return the paper's name. Raises ValidationError."""
        return _read(lambda: read_source(self.cleaned_data["source"]))

    def clean_decided_on(self) -> Any:
        """Return the day of the decision. Raises ValidationError."""
        return _read(lambda: read_day(self.cleaned_data["decided_on"], timezone.localdate()))

    def clean_revised_on(self) -> Any:
        """Return the day of the revision. Raises ValidationError."""
        return _read(lambda: read_day(self.cleaned_data["revised_on"], timezone.localdate()))

    def clean_reason(self) -> str:
        """Return the reason as it is stored."""
        return clean_text(self.cleaned_data["reason"])

    def clean(self) -> Any:
        """Tell at once what the service would refuse, besides what could not be read."""
        said = super().clean() or {}
        if "what" in said and "status" in said:
            for name, words in self._faults(said).items():
                if name not in self.errors:
                    self.add_error(name, words)
        return said

    def _faults(self, said: Any) -> dict[str, str]:
        old, new, reason = content_of(self.target), self.content, said.get("reason", "")
        if said["what"] == REVISION:
            return revision_faults(old, new, said.get("revised_on"), reason)
        faults = correction_faults(old, new, reason)
        if said.get("revised_on"):
            faults["revised_on"] = "誤りの訂正には改定日がありません。空欄にしてください。"
        return faults

    @property
    def content(self) -> Content:
        """Return what the target is to say, without what could not be read."""
        said = self.cleaned_data
        value, words = said.get("value", (None, ""))
        source, day = said.get("source", ""), said.get("decided_on")
        return Content(TargetStatus(said["status"]), value, source, day, words)


def _read(work: Any) -> Any:
    try:
        return work()
    except ValueError as error:
        raise ValidationError(str(error)) from None
