"""Finds the one file of plotly's wheel that the pages need, so that no copy lies in the project."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

BUNDLE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Serves plotly/plotly.min.js out of the installed package."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the bundle's place for its own name, and nothing for any other."""
        if path != f"plotly/{BUNDLE}":
            return []
        place = str(Path(settings.PLOTLY_DIR) / BUNDLE)
        return [place] if find_all else place

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield the bundle for collectstatic."""
        storage = FileSystemStorage(location=settings.PLOTLY_DIR)
        storage.prefix = "plotly"  # type: ignore[attr-defined]  # collectstatic reads it
        yield BUNDLE, storage
