"""The grid in which all judgement bands of a plan, or of one indicator, are typed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions.fiscal import Term
from kpis.admin.ruleforms import reason_field
from kpis.judgement import Band, sorted_bands
from kpis.models import JudgementBand
from kpis.numerals import FigureError, has_more_decimals, parse_figure, plain
from kpis.selectors import NewBand
from kpis.vocabulary import Tone

TERMS = (Term.FY, Term.H1)
SPARE = 3  # empty rows below those of a term
MOST = 40  # rows of a term
_WIDEST = Decimal(100_000)
_NAMES = {"lower": "下限", "sign": "記号", "label": "判定", "tone": "配色", "gone": "消す"}


class BandReason(forms.Form):
    """Why the bands change, and which ones the person saw."""

    base = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = reason_field()


class BandRow(forms.Form):
    """One row; a row without 下限, 記号 and 判定, or marked 消す, is no band."""

    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    lower = forms.CharField(required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    sign = forms.CharField(required=False, max_length=4)
    label = forms.CharField(required=False, max_length=20)
    tone = forms.ChoiceField(choices=Tone.choices(), initial=Tone.NEUTRAL.value)
    gone = forms.BooleanField(required=False)

    def __init__(self, term: Term, place: int, **options: Any) -> None:
        """Name the cells after the term and the row."""
        super().__init__(prefix=f"{term.value}-{place}", use_required_attribute=False, **options)
        self.term, self.place = term, place
        for name, words in _NAMES.items():
            attributes = self.fields[name].widget.attrs
            attributes["aria-label"] = f"{term.label} {place + 1}行目 {words}"
            attributes["class"] = f"band-{name}"

    @property
    def cells(self) -> Iterator[forms.BoundField]:
        """Yield the cells in their order."""
        return (self[name] for name in _NAMES)

    @property
    def is_band(self) -> bool:
        """Return whether anything was typed that is to stay."""
        data = {name: self[name].value() for name in ("lower", "sign", "label", "gone")}
        return not data.pop("gone") and any(str(one or "").strip() for one in data.values())

    def clean_lower(self) -> Decimal | None:
        """Return the bound, None for a blank. Raises ValidationError for anything but a percentage."""
        if not self.is_band:
            return None
        try:
            bound = parse_figure(self.cleaned_data["lower"], "%")
        except FigureError as error:
            raise ValidationError(str(error)) from None
        if bound is not None and (has_more_decimals(bound, 2) or abs(bound) >= _WIDEST):
            raise ValidationError("下限は99,999.99%まで、小数は2桁までで入力してください。")
        return bound

    def clean(self) -> dict[str, Any]:
        """Ask for sign and label of a band."""
        said = super().clean() or {}
        if self.is_band:
            for name in ("sign", "label"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, f"{_NAMES[name]}を入力してください。")
        return said

    @property
    def as_typed(self) -> "BandRow":
        """Return the row as it was sent, unchecked."""
        typed = {name: self[name].value() for name in self.fields}
        return BandRow(self.term, self.place, initial=typed)

    def band(self) -> Band:
        """Return what was typed in a row without faults."""
        said = self.cleaned_data
        tone = Tone(said["tone"])
        return Band(self.term, said["lower"], said["sign"], said["label"], tone)


class BandGrid:
    """All rows of both terms."""

    def __init__(self, rows: Mapping[Term, Sequence[BandRow]], owned: bool) -> None:
        """Keep the rows; an indicator's own bands (``owned``) may lack a term."""
        self.groups = [(term, rows[term]) for term in TERMS]
        self.owned = owned
        self.faults: list[str] = []

    @classmethod
    def showing(cls, bands: Iterable[tuple[int | None, Band]], owned: bool) -> "BandGrid":
        """Return the grid of these bands, each with the key of its record, and spare rows."""
        keys = {band: key for key, band in bands}
        rows = {}
        for term in TERMS:
            mine = [(keys[one], one) for one in sorted_bands(term, keys)]
            filled = [
                BandRow(term, at, initial=_initial(key, band))
                for at, (key, band) in enumerate(mine)
            ]
            spare = [BandRow(term, len(mine) + at) for at in range(SPARE)]
            rows[term] = filled + spare
        return cls(rows, owned)

    @classmethod
    def sent(cls, data: Mapping[str, str], owned: bool) -> "BandGrid":
        """Return the grid as it was sent, to be checked."""
        return cls(
            {term: [BandRow(term, at, data=data) for at in _places(term, data)] for term in TERMS},
            owned,
        )

    @classmethod
    def typed(cls, data: Mapping[str, str], owned: bool, more: int = 0) -> "BandGrid":
        """Return the grid as it was sent, unchecked, with more spare rows."""
        rows = {}
        for term in TERMS:
            number = len(_places(term, data))
            sent = [BandRow(term, at, data=data).as_typed for at in range(number)]
            spare = [BandRow(term, at) for at in range(number, min(number + more, MOST))]
            rows[term] = sent + spare
        return cls(rows, owned)

    def is_valid(self) -> bool:
        """Return whether all rows are bands that may stand together; tell all faults at once."""
        fine = True
        for term, rows in self.groups:
            bands = [one for one in rows if one.is_bound and one.is_band]
            for one in bands:
                one.full_clean()
            _compare(bands)
            fine &= not any(one.errors for one in bands)
            if not bands and not self.owned:
                self.faults.append(f"{term.label}の区分を1つ以上入力してください。")
        return fine and not self.faults

    def bands(self, standing: Sequence[JudgementBand]) -> list[NewBand]:
        """Return the bands of a valid grid, each with the key of the record that it was."""
        free = {one.pk: one.term for one in standing}
        found = []
        for term, rows in self.groups:
            for one in rows:
                if one.is_bound and one.is_band:
                    key = one.cleaned_data.get("key")
                    known = key in free and free.pop(key) == term.value
                    found.append(NewBand(key if known else None, one.band()))
        return found

    def hidden(self) -> Iterator[tuple[str, Any]]:
        """Yield name and value of every cell, for the page that follows."""
        for term, rows in self.groups:
            yield f"{term.value}-rows", len(rows)
            for row in rows:
                for name in row.fields:
                    value = row[name].value()
                    if value not in (None, "", False):
                        yield row.add_prefix(name), value


def _places(term: Term, data: Mapping[str, str]) -> range:
    text = data.get(f"{term.value}-rows", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return range(min(number, MOST))


def _initial(key: int | None, band: Band) -> dict[str, Any]:
    lower = "" if band.lower is None else plain(band.lower)
    words = {"sign": band.sign, "label": band.label, "tone": band.tone.value}
    return {"key": key, "lower": lower, **words}


def _compare(rows: Sequence[BandRow]) -> None:
    """Tell every row that shares its bound or its label with another of the term."""
    read = [one for one in rows if "lower" not in one.errors]
    bounds = Counter(one.cleaned_data["lower"] for one in read)
    for one in read:
        if bounds[one.cleaned_data["lower"]] > 1:
            blank = one.cleaned_data["lower"] is None
            one.add_error(
                "lower",
                "下限のない区分は、期間ごとに1つだけです。"
                if blank
                else "同じ期間に同じ下限の区分があります。",
            )
    labels = Counter(one.cleaned_data.get("label") for one in rows)
    for one in rows:
        label = one.cleaned_data.get("label")
        if label and labels[label] > 1:
            one.add_error("label", "同じ期間に同じ判定の区分があります。")
