"""The files that are offered of a plan's data, each declared once."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import openpyxl

from kpis.opendata.changes import CHANGES, REVISIONS
from kpis.opendata.texts import (
    changes_csv,
    characters_csv,
    codes_csv,
    csv_bytes,
    dictionary_csv,
    in_parts,
    json_bytes,
    notes_csv,
    revisions_csv,
)
from kpis.progress import PlanProgress
from kpis.workbooks import open_data_workbook
from kpis.workbooks.package import XLSX

# Raise it with every change of what the files of one publication hold: readers' copies stay else.
_FORMAT = 2
WRITER = f"{_FORMAT}-{openpyxl.__version__}-{zlib.ZLIB_RUNTIME_VERSION}"

UTF8, CP932 = "utf-8", "cp932"
_CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file by its name and encoding, and how it is made: in parts, never whole in memory."""

    name: str
    label: str
    media: str
    make: Callable[[PlanProgress], Iterator[bytes]]
    encoding: str = UTF8

    @property
    def query(self) -> str:
        """Return what its address asks for beyond the name: blank or encoding=cp932."""
        return "" if self.encoding == UTF8 else f"encoding={self.encoding}"

    @property
    def title(self) -> str:
        """Return the name, with the encoding where it is not the usual one."""
        return self.name if self.encoding == UTF8 else f"{self.name}（{self.encoding.upper()}）"


def _small(make: Callable[[PlanProgress], bytes]) -> Callable[[PlanProgress], Iterator[bytes]]:
    """Return how a file of few lines is made: in one part."""
    return lambda progress: iter((make(progress),))


DATA = (
    DataFile("kpis.csv", "CSV", _CSV, lambda progress: in_parts(csv_bytes(progress))),
    DataFile("kpis.xlsx", "XLSX", XLSX, open_data_workbook),
    DataFile(
        "kpis.json", "JSON", "application/json", lambda progress: in_parts(json_bytes(progress))
    ),
    DataFile(
        "kpis.csv",
        "CSV（文字コード CP932、古いExcel向け）",
        "text/csv; charset=windows-31j",
        lambda progress: in_parts(csv_bytes(progress, CP932)),
        CP932,
    ),
)
EXPLANATIONS = (
    DataFile(REVISIONS, "目標の改定（CSV）", _CSV, _small(revisions_csv)),
    DataFile(CHANGES, "指標の見直し（CSV）", _CSV, _small(changes_csv)),
    DataFile("dictionary.csv", "データ項目の一覧（CSV）", _CSV, _small(lambda _: dictionary_csv())),
    DataFile("codes.csv", "コードの一覧（CSV）", _CSV, _small(codes_csv)),
    DataFile("notes.csv", "実績と目標の注記（CSV）", _CSV, _small(notes_csv)),
    DataFile("cp932-characters.csv", "CP932にない文字の一覧（CSV）", _CSV, _small(characters_csv)),
)
