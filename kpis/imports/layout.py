"""What a kind of entry sheet calls its parts: how the reader knows the one it is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kpis.entry import LABELS
from kpis.workbooks.columns import CODE, NAME, SHEET, VERSION


@dataclass(frozen=True)
class Layout:
    """The sheet's name, the headings of its key and of its fields, and what may be missing."""

    sheet: str
    code: str
    name: str
    labels: Mapping[str, str]  # of each field that is filled in
    optional: tuple[str, ...] = ()  # fields that files of earlier releases lack
    flags: tuple[str, ...] = ()  # fields in which yes and no may stand
    days: tuple[str, ...] = ()  # and those in which a date may

    @cached_property
    def needed(self) -> Mapping[str, str]:
        """Return the headings without which nothing can be read, and those of optional fields."""
        return {"code": self.code, **self.labels, "version": VERSION}


FIGURES = Layout(
    sheet=SHEET,
    code=CODE,
    name=NAME,
    labels=LABELS,
    # Answers are asked for only where there are promises.
    optional=(
        *("forecast", "carried_from"),
        *("next_step_owner", "next_step_due", "follow_up", "follow_up_note"),
    ),
    flags=("provisional",),
    days=("next_step_due",),
)
