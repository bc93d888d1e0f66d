"""One indicator in a round: what is recorded, what stands beside it, and what an entry gives."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from actions.fiscal import Period, Term
from kpis.assembly import Record, RecordedActual, RecordedTarget, years_of
from kpis.entry.cells import Entry, Typed
from kpis.entry.reading import Asked
from kpis.followups import Promise, promise, standing
from kpis.judgement import Band
from kpis.plausibility import Caution, CautionCode, Comparison, cautions
from kpis.progress import Actual, Result, Target, YearProgress
from kpis.vocabulary import Kind


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One indicator in the round: what it is, what stands beside it, and what is recorded."""

    indicator: int  # the record's key
    code: str
    name: str
    unit: str
    kind: Kind
    decimals: int
    definition: str
    section: str  # 所管課; the plan's own where the indicator names none
    strategy: str
    record: Record
    period: Period
    bands: tuple[Band, ...]
    entry: Entry = field(default_factory=Entry)
    version: int = 0  # 0: nothing has been recorded yet
    confirmed: frozenset[CautionCode] = frozenset()
    changed_by: str = ""
    changed_at: str = ""
    actual: int | None = None  # the record's key, for its history; None: not recorded yet

    @property
    def key(self) -> int:
        """Return the key under which the row is sent and merged."""
        return self.indicator

    @property
    def label(self) -> str:
        """Return the row as lists name it: 1-1 相談件数（件）."""
        return f"{self.code} {self.name}（{self.unit}）"

    @property
    def is_measured(self) -> bool:
        """Return whether the indicator is measured in the period's year: else nobody owes it."""
        return self.record.is_measured_in(self.period.fiscal_year)

    @property
    def target(self) -> Target:
        """Return the year's target."""
        return self._year(self.entry).target

    @property
    def asked(self) -> Asked:
        """Return what the row asks for."""
        target = self.record.targets.get(self.period.fiscal_year, RecordedTarget())
        takes_answer = self.is_asked
        return Asked(self.period, self.unit, self.decimals, self.kind, target.words, takes_answer)

    @property
    def promise(self) -> Promise | None:
        """Return the earlier counter-measure that the row is asked about, or None."""
        return promise(self.record.actuals.items(), self.period)

    @property
    def is_asked(self) -> bool:
        """Return whether an answer about an earlier counter-measure can stand here, or stands."""
        recorded = self.entry.follow_up is not None or bool(self.entry.follow_up_note)
        return recorded or self.promise is not None

    @property
    def standing(self) -> str:
        """Return what became of the earlier counter-measure, as recorded; blank for none."""
        return self.standing_by(self.entry)

    def standing_by(self, entry: Entry) -> str:
        """Return what became of it by this entry."""
        asked = self.promise
        return "" if asked is None else standing(asked, self.period.as_of, entry.follow_up)

    @property
    def typed(self) -> Typed:
        """Return the cells that show what is recorded."""
        return self.entry.typed(self.kind)

    def shown(self, entry: Entry, name: str) -> str:
        """Return one field of an entry of this row as people read it; blank for nothing."""
        return entry.shown(name, self.kind)

    @property
    def previous(self) -> Actual | None:
        """Return last year's actual, or None where no figure of that year is known."""
        return self._actual(self.period.previous_year)

    @property
    def half_year_period(self) -> Period:
        """Return the half-year shown beside: this year's for 年度, last year's for 上半期."""
        back = 1 if self.period.term is Term.H1 else 0
        return Period(self.period.fiscal_year - back, Term.H1)

    @property
    def half_year(self) -> Actual | None:
        """Return the last half-year's actual, or None."""
        return self._actual(self.half_year_period)

    def _actual(self, period: Period) -> Actual | None:
        year = years_of(self.record, [period.fiscal_year], [period], self.bands)[0]
        result = year.at(period.term)
        entered = result is not None and result.actual.status != "missing"
        return result.actual if result is not None and entered else None

    def _year(self, entry: Entry) -> YearProgress:
        recorded = self.record.actuals.get(self.period, RecordedActual())
        changed = replace(
            recorded,
            value=entry.value,
            reason=entry.reason,
            provisional=entry.provisional,
            cause=entry.cause,
            next_step=entry.next_step,
            next_step_owner=entry.next_step_owner,
            next_step_due=entry.next_step_due,
            follow_up=entry.follow_up,
            follow_up_note=entry.follow_up_note,
            forecast=entry.forecast,
            carried_from=entry.carried_from,
        )
        actuals = {**self.record.actuals, self.period: changed}
        # The row is there to be filled in, whatever the indicator's life.
        record = replace(self.record, actuals=actuals, start_year=None, end_year=None)
        return years_of(record, [self.period.fiscal_year], [self.period], self.bands)[0]

    def result(self, entry: Entry) -> Result:
        """Return the attainment and judgement that the entry gives, by the indicator's rule."""
        result = self._year(entry).at(self.period.term)
        assert result is not None  # noqa: S101 (the period was asked for)
        return result

    def cautions(self, entry: Entry) -> tuple[Caution, ...]:
        """Return what needs a look in the entry."""
        attainment = self.result(entry).attainment
        return cautions(self.record.rule, self.unit, entry.value, attainment, self._comparison())

    def open_cautions(self, entry: Entry) -> tuple[Caution, ...]:
        """Return the doubts about the entry that nobody has answered.

        A word of reason answers those that stood when it was given, about the figure that stood
        then; another figure, or a doubt of another kind, needs the reason to be written anew.
        """
        found = self.cautions(entry)
        if not entry.confirmation:
            return found
        if entry.confirmation != self.entry.confirmation:
            return ()
        if entry.value != self.entry.value:
            return found
        return tuple(one for one in found if one.code not in self.confirmed)

    def _comparison(self) -> Comparison:
        same_term = self._figure(Period(self.period.fiscal_year - 1, self.period.term))
        year_end = self._figure(self.period.previous_year)
        is_level = self.kind is Kind.LEVEL
        half = self._figure(Period(self.period.fiscal_year, Term.H1))
        return Comparison(
            last_year=year_end if same_term is None and is_level else same_term,
            half_year=half if self.period.term is Term.FY else None,
        )

    def _figure(self, period: Period) -> Decimal | None:
        return self.record.actual(period).value
