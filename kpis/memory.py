"""A memory of limited size: what was asked for last is kept. Standard library only."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Values by their keys: at most so many, and no more than ``room`` holds, but always the last.

    What a value takes of the room is said when it is kept, in whatever the room is counted in. Any
    thread may ask at any time.
    """

    def __init__(self, room: int, most: int) -> None:
        """Begin with nothing."""
        self.room = room
        self.most = most
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._taken = 0
        self._lock = Lock()

    def get(self, key: Key) -> Value | None:
        """Return the value, which is the last to be forgotten now; None for one not in memory."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def keep(self, key: Key, value: Value, size: int) -> None:
        """Keep the value, and forget those for which there is no room any more."""
        with self._lock:
            self._forget(key)
            self._values[key] = (value, size)
            self._taken += size
            while len(self._values) > 1 and not self._fits():
                self._forget(next(iter(self._values)))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._taken = 0

    def __len__(self) -> int:
        return len(self._values)

    def __iter__(self) -> Iterator[Key]:
        return iter(tuple(self._values))

    def _fits(self) -> bool:
        return len(self._values) <= self.most and self._taken <= self.room

    def _forget(self, key: Key) -> None:
        _, size = self._values.pop(key, (None, 0))
        self._taken -= size
