"""Windows' Japanese code page 932, and what it cannot write of a plan's data."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from kpis.opendata.columns import COLUMNS
from kpis.opendata.rows import rows
from kpis.progress import PlanProgress

_GETA = "〓"
# Characters that it has in another spelling. Python's codec knows more of them: − is written －.
_NEAR = {"—": "―", "¥": "￥", "✓": "√", "✕": "×"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a character stands: a column and an indicator."""

    heading: str
    code: str


@dataclass(frozen=True, slots=True)
class Replaced:
    """A character that the code page lacks, what is written instead, and where it stands."""

    character: str
    written: str
    places: tuple[Place, ...]

    @property
    def code_point(self) -> str:
        """Return the character's number in Unicode: U+20BB7."""
        return f"U+{ord(self.character):04X}"

    @property
    def columns(self) -> dict[str, list[str]]:
        """Return the indicators' codes by the columns' headings."""
        found = defaultdict(list)
        for place in self.places:
            found[place.heading].append(place.code)
        return dict(found)

    @property
    def words(self) -> str:
        """Return all in a line: 𠮷 U+20BB7 → 〓: 指標名 2-1、2-3／単位 3-1."""
        where = "／".join(
            f"{heading} {'、'.join(codes)}" for heading, codes in self.columns.items()
        )
        return f"{self.character} {self.code_point} → {self.written}: {where}"


@cache
def written(character: str) -> str:
    """Return what the code page writes: the character, its near form, or 〓."""
    try:
        return _NEAR.get(character, character).encode("cp932").decode("cp932")
    except UnicodeEncodeError:
        return _GETA


def cp932(text: str) -> bytes:
    """Return the text in the code page, with a near form or 〓 for what it lacks."""
    return "".join(map(written, text)).encode("cp932")


def replaced(progress: PlanProgress) -> tuple[Replaced, ...]:
    """Return every character of the data that the code page lacks, by its number in Unicode."""
    found: dict[str, dict[Place, None]] = defaultdict(dict)  # each place once, in the rows' order
    for character, place in _lacking_cells(progress):
        found[character][place] = None
    return tuple(Replaced(one, written(one), tuple(found[one])) for one in sorted(found))


def _lacking_cells(progress: PlanProgress) -> Iterator[tuple[str, Place]]:
    for row in rows(progress):
        for column, value in zip(COLUMNS, row.values(), strict=True):
            if isinstance(value, str):
                for character in _lacking(value):
                    yield character, Place(column.heading, row.code)


@lru_cache(maxsize=4096)
def _lacking(text: str) -> frozenset[str]:
    return frozenset(one for one in text if written(one) != one)
