"""KGIs from the records to the read model."""

from django.db.models import Prefetch

from actions.models import Plan
from kpis.growth import RecordedComparison, RecordedKgiRevision, RecordedKgiYear, kgi_years
from kpis.models import Kgi, KgiComparison, KgiRevision, KgiValue
from kpis.progress import KgiProgress

# In their order within one KGI: a model's own begins with that of the plans.
_WHOLE = Kgi.objects.order_by("code").prefetch_related(
    Prefetch("values", KgiValue.objects.order_by("year")),
    Prefetch("values__revisions", KgiRevision.objects.order_by("revised_on")),
    Prefetch("comparisons", KgiComparison.objects.order_by("name", "year")),
)


def kgis_of(plan: Plan) -> tuple[KgiProgress, ...]:
    """Return the plan's KGIs by their codes, in the same number of queries for any number."""
    return tuple(map(_kgi, _WHOLE.filter(plan=plan)))


def kgi_progress(row: Kgi) -> KgiProgress:
    """Return one KGI with all its years, as it is recorded now."""
    return _kgi(_WHOLE.get(pk=row.pk))


def _kgi(row: Kgi) -> KgiProgress:
    others = [
        RecordedComparison(one.name, one.year, one.growth, one.value)
        for one in row.comparisons.all()
    ]
    return KgiProgress(
        code=row.code,
        name=row.name,
        unit=row.unit,
        decimals=row.decimals,
        comparator=row.comparator,
        base_year=row.base_year,
        target_year=row.target_year,
        target=row.target,
        source=row.source,
        note=row.note,
        years=kgi_years(map(_kgi_year, row.values.all()), row.base_year, row.decimals, others),
    )


def _kgi_year(row: KgiValue) -> RecordedKgiYear:
    return RecordedKgiYear(
        year=row.year,
        value=row.value,
        comparator_growth=row.comparator_growth,
        note=row.note,
        expected=row.expected,
        comparator_value=row.comparator_value,
        revisions=tuple(
            RecordedKgiRevision(one.revised_on, one.value, one.comparator_growth, one.reason)
            for one in row.revisions.all()
        ),
    )
