"""The metadata of a publication's data: what it is, who answers for it, and which files it has."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from kpis.links import Issue, Links
from kpis.opendata.changes import OTHERS
from kpis.opendata.codes import codes
from kpis.opendata.columns import COLUMNS, Column
from kpis.opendata.files import DATA, EXPLANATIONS, DataFile
from kpis.opendata.terms import DESCRIPTION, LICENSE, LICENSE_ADDRESS
from kpis.progress import Edition, PlanProgress


def offered(progress: PlanProgress) -> tuple[DataFile, ...]:
    """Return every file that is offered; live records have no metadata, for they do not stay."""
    files = (*DATA, *EXPLANATIONS)
    return files if progress.edition is None else (*files, METADATA)


def metadata_json(progress: PlanProgress) -> Iterator[bytes]:
    """Yield the metadata as JSON; the same publication gives the same bytes.

    Raises ValueError for live records.
    """
    if progress.edition is None:
        raise ValueError("live records have no address that stays")
    document = {
        **_publication(progress, progress.edition),
        "files": [_file(progress, progress.edition, one) for one in (*DATA, *EXPLANATIONS)],
        "columns": [_column(one) for one in COLUMNS],
        "other_columns": {name: [_column(one) for one in found] for name, found in OTHERS.items()},
        "codes": [asdict(one) for one in codes(progress)],
    }
    yield json.dumps(document, ensure_ascii=False, indent=1).encode()


METADATA = DataFile("metadata.json", "メタデータ（JSON）", "application/json", metadata_json)
NAMES = tuple(dict.fromkeys(file.name for file in (*DATA, *EXPLANATIONS, METADATA)))


def _publication(progress: PlanProgress, edition: Edition) -> dict[str, Any]:
    plan, period = progress.plan, progress.period
    return {
        "title": f"{plan.name} 指標の進捗 {period.label}（第{edition.version}版）",
        "description": DESCRIPTION,
        "language": "ja",
        "license": {"name": LICENSE, "url": LICENSE_ADDRESS},
        "publisher": plan.section or None,
        "plan": {"slug": plan.slug, "name": plan.name},
        "period": {"code": period.code, "label": period.label},
        "as_of": period.as_of.isoformat(),
        "version": edition.version,
        "published_at": edition.published_at.isoformat(timespec="seconds"),
        "reason": edition.reason or None,
    }


def _file(progress: PlanProgress, edition: Edition, file: DataFile) -> dict[str, Any]:
    size, sha256 = 0, hashlib.sha256()
    for part in file.make(progress):
        size += len(part)
        sha256.update(part)
    issue = Issue.of(progress.period, edition.version, edition.published_at)
    return {
        "name": file.name,
        "label": file.label,
        "address": Links(progress.plan.slug).permanent(issue, file.name, file.query),
        "media_type": file.media.partition(";")[0],
        "encoding": None if file.name.endswith(".xlsx") else file.encoding,
        "bytes": size,
        "sha256": sha256.hexdigest(),
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "heading": column.heading,
        "key": column.key,
        "type": column.kind,
        "unit": column.unit or None,
        "meaning": column.meaning,
        "blank": column.blank,
    }
