"""The file around a workbook: a zip whose own time stamps would differ with every run."""

import datetime as dt
import io
import re
import shutil
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"  # its media type
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def frozen(content: bytes, at: dt.datetime) -> bytes:
    """Return the workbook with every time stamp set to the moment, so that two runs are equal."""
    stream = io.BytesIO()
    freeze(io.BytesIO(content), stream, at)
    return stream.getvalue()


def freeze(file: IO[bytes], into: IO[bytes], at: dt.datetime) -> None:
    """Write the workbook in the file into another, with every time stamp set to the moment."""
    with ZipFile(file) as source, ZipFile(into, "w") as target:
        for name in source.namelist():
            head = ZipInfo(name, at.timetuple()[:6])
            head.compress_type = ZIP_DEFLATED
            if name == "docProps/core.xml":
                stamped = _STAMPS.sub(rb"\g<1>" + _stamp(at), source.read(name))
                target.writestr(head, stamped)
                continue
            head.file_size = source.getinfo(name).file_size
            head.external_attr = 0o600 << 16  # as writestr has it
            with source.open(name) as part, target.open(head, "w") as written:
                shutil.copyfileobj(part, written)


def _stamp(at: dt.datetime) -> bytes:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
