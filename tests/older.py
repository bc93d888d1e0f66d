"""Publications as earlier releases of the program stored them, written down by hand from each."""

import json

from kpis.payload import digest

_SINCE_4 = {
    "actual": ("next_step_owner", "next_step_due", "follow_up", "follow_up_note"),
    "measure": ("description",),
    "publicity": ("item",),
    "meeting": ("key",),
}
_SINCE_3 = {
    "indicator": (
        *("start_year", "end_year", "renamed_year", "former_name", "successor"),
        *("review_reason", "bands"),
    ),
    "target": ("words", "decided_on", "revisions"),
    "actual": ("forecast", "forecast_display", "carried_from"),
    "kgi_year": ("expected", "comparator_value", "comparisons", "revisions"),
}


def _records(progress):
    """Yield every record that a later schema knows more of, with its kind."""
    for strategy in progress["strategies"]:
        yield from (("measure", one) for one in strategy["measures"])
        for indicator in strategy["indicators"]:
            yield "indicator", indicator
            yield from _years(indicator)
    yield from (("kgi_year", year) for kgi in progress["kgis"] for year in kgi["years"])
    yield from (("publicity", one) for one in progress["publicity"])
    yield from (("meeting", one) for one in progress["meetings"])


def _years(indicator):
    for year in indicator["years"]:
        yield "target", year["target"]
        yield from (("actual", result["actual"]) for result in year["results"])


def as_schema(text, schema):
    """Return the stored content as the program of that schema (1 to 3) would have written it."""
    document = json.loads(text)
    unknown = [_SINCE_4] + ([_SINCE_3] if schema < 3 else [])
    for kind, record in _records(document["progress"]):
        for fields in unknown:
            for name in fields.get(kind, ()):
                del record[name]
    if schema == 1:
        del document["progress"]["actions"], document["progress"]["meetings"]
    document["schema"] = schema
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def store_as(publication, schema):
    """Put the stored publication back as the program of that schema would have stored it."""
    publication.payload = as_schema(publication.payload, schema)
    publication.sha256 = digest(publication.payload)
    type(publication).objects.filter(pk=publication.pk).update(
        payload=publication.payload, sha256=publication.sha256
    )
