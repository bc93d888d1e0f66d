"""What a reader may ask of a list by its address, and what of the list fits. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from kpis.progress import PlanProgress

YES = "1"
_LONGEST = 100  # letters of a word to search for
T = TypeVar("T")
Test = Callable[[T], bool]
Options = dict[str, str]  # what is asked, and how it is told


@dataclass(frozen=True, slots=True)
class Criterion(Generic[T]):
    """One thing to ask: its name in the address, its label, its options, and what fits one.

    Without ``options`` it takes any word. ``blank`` is what a choice says that asks nothing.
    """

    name: str
    label: Callable[[PlanProgress], str]
    options: Callable[[PlanProgress], Options] | None
    test: Callable[[PlanProgress, str], Test[T]]
    blank: str = "すべて"


@dataclass(frozen=True, slots=True)
class Field:
    """A criterion as a form shows it; ``value`` is blank where nothing is asked.

    A switch has one option, which is on or off. ``options`` is None where any word can be asked.
    """

    name: str
    label: str
    options: Options | None
    value: str
    blank: str

    @property
    def is_switch(self) -> bool:
        """Return whether it is asked by a mark and not by a choice."""
        return self.options is not None and list(self.options) == [YES]

    @property
    def is_word(self) -> bool:
        """Return whether it is asked by typing."""
        return self.options is None

    @property
    def is_offered(self) -> bool:
        """Return whether there is anything to ask."""
        return self.options is None or bool(self.options)

    @property
    def words(self) -> str:
        """Return what is asked: 主体: 行政."""
        if self.options is None:
            return f"{self.label}: 「{self.value}」"
        return self.label if self.is_switch else f"{self.label}: {self.options[self.value]}"


@dataclass(frozen=True, slots=True)
class Selection(Generic[T]):
    """What fits, in order, out of how many; ``unknown`` says what could not be asked."""

    fields: tuple[Field, ...]
    unknown: tuple[str, ...]
    found: tuple[T, ...]
    total: int

    @property
    def asked(self) -> tuple[Field, ...]:
        """Return the fields by which the list is narrowed."""
        return tuple(one for one in self.fields if one.value)

    @property
    def query(self) -> str:
        """Return the query that asks the same, blank for nothing."""
        return urlencode({one.name: one.value for one in self.asked})

    def value(self, name: str) -> str:
        """Return what is asked of this name, blank for nothing."""
        return next((one.value for one in self.fields if one.name == name), "")


def select(
    criteria: Sequence[Criterion[T]],
    progress: PlanProgress,
    listed: Iterable[T],
    asked: Mapping[str, str],
) -> Selection[T]:
    """Return what of the list fits all that is asked; values that are no option ask nothing."""
    fields, tests, unknown = [], [], []
    for one in criteria:
        label, options = one.label(progress), one.options and one.options(progress)
        value = asked.get(one.name, "").strip()[:_LONGEST]
        if value and options is not None and value not in options:
            unknown.append(
                f"「{label}」に「{value}」という選択肢はないため、この条件は使っていません。"
            )
            value = ""
        if value:
            tests.append(one.test(progress, value))
        fields.append(Field(one.name, label, options, value, one.blank))
    everything = tuple(listed)
    found = tuple(one for one in everything if all(test(one) for test in tests))
    return Selection(tuple(fields), tuple(unknown), found, len(everything))


def strategies(progress: PlanProgress) -> Options:
    """Return the plan's strategies as options, by number."""
    return {str(one.number): f"{one.number} {one.name}" for one in progress.strategies}
