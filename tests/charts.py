"""What a workbook's charts say, read from the file's own XML and not by the product's code."""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass

from defusedxml.ElementTree import fromstring

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
D = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True)
class DrawnSeries:
    """One series: the kind of chart that it stands in, and its three references."""

    kind: str
    name: str
    labels: str
    values: str
    xml: object


@dataclass(frozen=True)
class Drawn:
    """One chart with the cells that it covers, each (row, column) from 1, and what is in it."""

    first: tuple[int, int]
    last: tuple[int, int]
    series: list[DrawnSeries]
    xml: object

    def value(self, path):
        """Return the ``val`` of the first element on the path, None for none."""
        found = self.xml.find("/".join(["."] + [f"{C}{one}" for one in path.split("/")]))
        return None if found is None else found.get("val")

    @property
    def words(self):
        """Return the texts that the chart itself holds (titles)."""
        return [one.text for one in self.xml.iter(f"{A}t")]


def charts(content, sheet):
    """Return the charts of a sheet in the order of the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = fromstring(archive.read("xl/workbook.xml"))
        ids = {one.get("name"): one.get(f"{R}id") for one in book.iter() if one.get("sheetId")}
        page = _targets(archive, "xl/workbook.xml")[ids[sheet]]
        drawings = [one for one in _targets(archive, page).values() if "drawing" in one]
        return [chart for one in drawings for chart in _drawn(archive, one)]


def _drawn(archive, drawing):
    targets = _targets(archive, drawing)
    for anchor in fromstring(archive.read(drawing)):
        (reference,) = anchor.iter(f"{C}chart")
        xml = fromstring(archive.read(targets[reference.get(f"{R}id")]))
        first, end = (_cell(anchor, one) for one in ("from", "to"))  # from 0, the end not included
        yield Drawn((first[0] + 1, first[1] + 1), end, list(_series(xml)), xml)


def _series(xml):
    for kind in ("barChart", "lineChart"):
        for group in xml.iter(f"{C}{kind}"):
            for one in group.iter(f"{C}ser"):
                told = [one.find(f"{C}{part}//{C}f").text for part in ("tx", "cat", "val")]
                yield DrawnSeries(kind, *told, one)


def _cell(anchor, end):
    place = anchor.find(f"{D}{end}")
    return int(place.find(f"{D}row").text), int(place.find(f"{D}col").text)


def _targets(archive, part):
    folder, name = posixpath.split(part)
    rels = f"{folder}/_rels/{name}.rels"
    found = fromstring(archive.read(rels)) if rels in archive.namelist() else ()
    return {
        one.get("Id"): re.sub(
            "^/", "", posixpath.normpath(posixpath.join(folder, one.get("Target")))
        )
        for one in found
    }


def cells(page, reference):
    """Return the values of the cells that a reference names, which must be on that page."""
    sheet, _, area = reference.rpartition("!")
    assert sheet.strip("'") == page.title
    found = page[area.replace("$", "")]
    if not isinstance(found, tuple):
        return [found.value]
    return [cell.value for row in found for cell in row]
