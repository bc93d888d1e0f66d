"""The form that changes the rules of one or several indicators of a plan."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Field

from actions.fields import FiscalYearFormField
from kpis.admin.words import flag_words, words_of
from kpis.milestones import shown_figure
from kpis.models import Indicator
from kpis.models.fields import FigureFormField
from kpis.selectors import RuleProposal, rule_proposal
from kpis.trial import fingerprint
from kpis.vocabulary import Kind

RULE_FIELDS = (
    "kind",
    "direction",
    "formula",
    "rated_at_half_year",
    "expected_share",
    "rate_decimals",
    "rounding",
    "keep_zeros",
)
BASELINE_FIELDS = ("baseline_year", "baseline_value")
_LABELS = {"rated_at_half_year": "上半期の達成率", "keep_zeros": "末尾の0"}
_HELP = {"keep_zeros": "「残す」では 15% を 15.0% と表示します。", "rated_at_half_year": ""}
_PLACES = {"0": "整数", "1": "小数第1位まで", "2": "小数第2位まで"}
_STAY = ("", "変えない")
_MEANWHILE = (
    "この画面を開いた後に、ほかの人が算定ルールを変更しました。"
    "「いまの値」を確かめて、もう一度操作してください。"
)


def reason_field() -> forms.CharField:
    """Return the field that asks why."""
    return forms.CharField(
        label="変更の理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="変更履歴に、変更した人と日時とともに残ります。",
    )


class RuleForm(forms.Form):
    """The rule as it is to be; for several indicators, each field may stay as it is."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = reason_field()

    def __init__(
        self,
        indicators: Sequence[Indicator],
        data: Mapping[str, str] | None,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Fill in what was typed before; else a single indicator's rule, and 変えない for several."""
        super().__init__(data)
        self.indicators = indicators
        self.typed = typed is not None
        self.single = len(indicators) == 1
        self.names = RULE_FIELDS + (BASELINE_FIELDS if self.single else ())
        self.proposal: RuleProposal | None = None
        for name in self.names:
            self.fields[name] = self._made(name)
            if self.single:
                self.initial[name] = _typed(getattr(indicators[0], name))
        base = self.fields.get("baseline_value")
        if isinstance(base, FigureFormField):
            base.kind = Kind(indicators[0].kind)
            base.takes_words = base.kind is Kind.MILESTONE
        self.standing = fingerprint(
            [(one.pk, [getattr(one, name) for name in self.names]) for one in indicators]
        )
        self.initial["base"] = self.standing
        self.initial.update(typed or {})
        self.order_fields([*self.names, "reason", "base"])

    def _made(self, name: str) -> forms.Field:
        field = _field(name)
        label = _LABELS.get(name, str(field.verbose_name))
        said: dict[str, Any] = {"label": label, "help_text": _HELP.get(name, field.help_text)}
        if name == "baseline_year":
            return FiscalYearFormField(required=False, **said)
        if name in ("baseline_value", "expected_share"):
            required = self.single and name == "expected_share"
            attributes = {"inputmode": "decimal", "size": 14}
            if not self.single:
                attributes["placeholder"] = _STAY[1]
            return FigureFormField(
                required=required, widget=forms.TextInput(attrs=attributes), **said
            )
        return forms.ChoiceField(
            choices=([] if self.single else [_STAY]) + _choices(name),
            required=self.single,
            **said,
        )

    @property
    def rows(self) -> Iterator[tuple[forms.BoundField, str]]:
        """Yield each field with the values that stand now, in words; blank while it shows them."""
        if self.single and not (self.is_bound or self.typed):
            yield from ((self[name], "") for name in self.names)
            return
        for name in self.names:
            found = Counter(shown_of(one, name) for one in self.indicators)
            words = [one if self.single else f"{one} {count}件" for one, count in found.items()]
            yield self[name], "、".join(words)

    @property
    def values(self) -> dict[str, Any]:
        """Return what was chosen, as it is stored; fields that stay are left out."""
        found = {name: self.cleaned_data.get(name) for name in self.names}
        return {
            name: _stored(name, value)
            for name, value in found.items()
            if name in BASELINE_FIELDS or value not in (None, "")
        }

    def clean(self) -> dict[str, Any]:
        """Try the rule on the records. Raises ValidationError where nothing would change."""
        said = super().clean() or {}
        if said.get("base") != self.standing:
            self.data = {**self.data, "base": self.standing}
            raise ValidationError(_MEANWHILE)
        if any(name in self.errors for name in self.names):
            return said
        keys = [one.pk for one in self.indicators]
        proposal = rule_proposal(self.indicators[0].plan, keys, self.values)
        if not proposal.changes:
            raise ValidationError("いまの算定ルールと同じです。変える項目を選んでください。")
        self._tell(_faults(proposal))
        self.proposal = proposal
        return said

    def _tell(self, faults: Mapping[tuple[str, str], Sequence[str]]) -> None:
        for (name, message), codes in faults.items():
            at = name if name in self.fields else "formula" if name in BASELINE_FIELDS else None
            self.add_error(at, message if self.single else f"{message}（{'、'.join(codes)}）")

    def hidden(self) -> list[forms.BoundField]:
        """Return every field as it was sent, for the page that follows."""
        return [self[name] for name in self.fields]


def _field(name: str) -> "Field[Any, Any]":
    return Indicator._meta.get_field(name)  # type: ignore[return-value]  # plain fields only


def shown(name: str, value: Any) -> str:
    """Return the value of a rule's field in words."""
    if name == "rate_decimals":
        return _PLACES.get(str(value), str(value))
    return words_of(_field(name), value) or str(value)


def shown_of(indicator: Indicator, name: str) -> str:
    """Return a field of the indicator's rule in words; a milestone's base is a word."""
    value = getattr(indicator, name)
    if name == "baseline_value" and value is not None:
        return shown_figure(Kind(indicator.kind), value)
    return shown(name, value)


def label_of(name: str) -> str:
    """Return what the rule's field is called."""
    return _LABELS.get(name, str(_field(name).verbose_name))


def _choices(name: str) -> list[tuple[str, str]]:
    if name == "rate_decimals":
        return list(_PLACES.items())
    field = _field(name)
    if field.choices:
        return list(field.flatchoices)
    return [("1" if flag else "0", words) for flag, words in flag_words(name).items()]


def _typed(value: Any) -> Any:
    return str(int(value)) if isinstance(value, bool) else value


def _stored(name: str, value: Any) -> Any:
    if name in ("rated_at_half_year", "keep_zeros"):
        return value == "1"
    return int(value) if name == "rate_decimals" else value


def _faults(proposal: RuleProposal) -> dict[tuple[str, str], list[str]]:
    """Return what forbids the rule, by field and message, with the indicators that it is about.

    One indicator speaks for all to which the records' own rules say the same: asking costs queries.
    """
    alike: dict[Any, list[Indicator]] = {}
    for one in proposal.indicators:
        alike.setdefault(_likeness(one), []).append(one)
    faults: dict[tuple[str, str], list[str]] = {}
    for some in alike.values():
        for name, messages in _told(some[0]).items():
            for message in messages:
                faults.setdefault((name, message), []).extend(one.code for one in some)
    measured = [
        one.code
        for one in proposal.indicators
        if one.kind == Kind.MILESTONE.value and proposal.figures[one.pk] - {None, 0, 1}
    ]
    if measured:
        said = "種別を達成有無にできるのは、実績と目標がすべて0か1の指標だけです。"
        faults["kind", said] = measured
    return faults


def _likeness(one: Indicator) -> tuple[Any, ...]:
    base = one.baseline_value
    figure = None if base is None else (base in (0, 1), one.baseline_year is None)
    return (one.kind, one.formula, one.decimals, figure)


def _told(one: Indicator) -> dict[str, list[str]]:
    try:
        one.full_clean(validate_unique=False)
    except ValidationError as error:
        return {name: [str(one) for one in said] for name, said in error.message_dict.items()}
    return {}
