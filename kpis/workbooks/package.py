"""The file around a workbook: a zip whose own time stamps would differ with every run."""

import datetime as dt
import io
import re
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # its media type
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def frozen(content: bytes, at: dt.datetime) -> bytes:
    """Return the workbook with every time stamp set to the moment, so that two runs are equal."""
    stamp = at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(stream, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _STAMPS.sub(rb"\g<1>" + stamp, part)
            target.writestr(ZipInfo(name, at.timetuple()[:6]), part, ZIP_DEFLATED)
    return stream.getvalue()
