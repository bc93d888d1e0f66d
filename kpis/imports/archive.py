"""Is an uploaded file a plain Excel workbook? Looked at from outside, before anything is parsed."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from kpis.zips import DAMAGED_ZIP

LARGEST_FILE = 5 * 1024 * 1024
_MOST_PARTS = 200
_LONGEST_GAP = 300_000  # bytes from one tag to the next: the longest text of a cell takes less
_LONGEST_REMARK = 10_000  # bytes
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK"
_WORKBOOK = re.compile(r"xl/workbook\d*\.xml")
_GAP = re.compile(rb"[^<]+")
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_REMARKS = ((b"<!--", b"-->"), (b"<?", b"?>"))
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")  # how such a part begins

_BEFORE_XML = b"\xef\xbb\xbf \t\r\n"
_SAVE_AS = "Excelで開き、「名前を付けて保存」で種類を「Excelブック（.xlsx）」にしてください。"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a workbook of one kind may be, and where people get a good one."""

    file: int
    unpacked: int
    tags: int  # in all parts
    again: str

    @property
    def broken(self) -> str:
        """Return what a damaged file is told."""
        return f"ファイルが壊れていて開けません。もう一度送ってもらうか、{self.again}"

    @property
    def unreadable(self) -> str:
        """Return what a file is told that cannot be parsed."""
        return f"ファイルの中身を読み取れません。{_SAVE_AS}それでも開けないときは、{self.again}"

    @property
    def dangerous(self) -> str:
        """Return what a file is told that would do harm."""
        return (
            "通常のExcelファイルにはない記述（DTD・外部参照など）があるため、取り込めません。"
            f"{self.again}"
        )

    @property
    def bomb(self) -> str:
        """Return what a file is told that swells when it is unpacked."""
        return f"展開すると大きすぎるため、取り込めません。{self.again}"


# The entry workbook of one period: 2,000 rows take half of its tags.
ENTRY = Bounds(
    file=LARGEST_FILE,
    unpacked=30 * 1024 * 1024,
    tags=400_000,
    again="この報告期間の画面からExcelをダウンロードし、そのファイルに入力してください。",
)


class UploadError(ValueError):
    """A file that is not even opened; its message is Japanese and says what to do."""


def too_large(size: int, bounds: Bounds = ENTRY) -> str:
    """Return why a file of so many bytes is refused, blank where it is not."""
    if size <= bounds.file:
        return ""
    most = bounds.file // 1024 // 1024
    return (
        f"ファイルが大きすぎます（{size / 1024 / 1024:,.1f}MB）。取り込めるのは{most}MBまでです。"
        "画像やほかのシートを消して、保存し直してください。"
    )


def check_archive(content: bytes, bounds: Bounds = ENTRY) -> None:
    """Raise UploadError, saying what the file is, for anything but an intact workbook of usual size."""
    if not content:
        raise UploadError(f"ファイルが空です。{bounds.again}")
    if said := too_large(len(content), bounds):
        raise UploadError(said)
    if content.startswith(_OLE):
        raise UploadError(_ole_words(content))
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGED_ZIP:
        is_zip = content.startswith(_ZIP)
        raise UploadError(bounds.broken if is_zip else _other_words(content, bounds)) from None
    with archive:
        _check_listing(archive.infolist(), bounds)
        _check_kind(archive.namelist())
        _check_parts((_unpacked(archive, info, bounds) for info in archive.infolist()), bounds)


def _ole_words(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return (
            "パスワードの付いたExcelファイルは取り込めません。"
            "Excelで開き、パスワードを外して保存し直してください。"
        )
    return f"古い形式のExcelファイル（.xls）は取り込めません。{_SAVE_AS}"


def _other_words(content: bytes, bounds: Bounds) -> str:
    start = content[:4096]
    if b"\0" in start:
        return f"Excelブック（.xlsx）ではありません。{bounds.again}"
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return f"Excelブック（.xlsx）ではなく、WebページやXMLのファイルです。{_SAVE_AS}"
    return f"CSVなどのテキストファイルは取り込めません。{bounds.again}"


def _check_listing(parts: list[zipfile.ZipInfo], bounds: Bounds) -> None:
    unpacked = sum(one.file_size for one in parts)
    if len(parts) > _MOST_PARTS or unpacked > bounds.unpacked:
        raise UploadError(bounds.bomb)
    if any(one.flag_bits & 1 for one in parts):
        raise UploadError(
            "パスワードの付いたファイルは取り込めません。パスワードを外して保存し直してください。"
        )
    if any(one.compress_type not in _PACKINGS for one in parts):
        raise UploadError(bounds.broken)


def _check_kind(names: list[str]) -> None:
    lower = [one.lower() for one in names]
    if any(one.endswith("vbaproject.bin") for one in lower):
        raise UploadError(f"マクロの付いたExcelファイル（.xlsm）は取り込めません。{_SAVE_AS}")
    if "xl/workbook.bin" in lower:
        raise UploadError(f"バイナリ形式のExcelファイル（.xlsb）は取り込めません。{_SAVE_AS}")
    if "[content_types].xml" not in lower or not any(map(_WORKBOOK.fullmatch, lower)):
        raise UploadError(f"Excelブック（.xlsx）ではありません。{_SAVE_AS}")


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, bounds: Bounds) -> bytes:
    try:
        return archive.read(info)
    except DAMAGED_ZIP:
        raise UploadError(bounds.broken) from None


def _check_parts(parts: Iterable[bytes], bounds: Bounds) -> None:
    """Refuse what would do harm while it is parsed: declarations, and XML that nobody writes.

    A parser takes far more time and room for a million tags, and for a single endless one, than
    their bytes let expect.
    """
    tags = 0
    for data in parts:
        if data.startswith(_UTF_16):
            raise UploadError(bounds.dangerous)
        if not data.lstrip(_BEFORE_XML).startswith(b"<"):
            continue  # a picture: no parser gets past its first byte
        tags += data.count(b"<")
        if tags > bounds.tags:
            raise UploadError(bounds.bomb)
        if any(one in data for one in _DECLARATIONS) or _is_drawn_out(data):
            raise UploadError(bounds.dangerous)


def _is_drawn_out(data: bytes) -> bool:
    if _longest_gap(data) > _LONGEST_GAP:
        return True
    for begins, ends in _REMARKS:
        at = data.find(begins)
        while at >= 0:
            end = data.find(ends, at)
            if end < 0 or end - at > _LONGEST_REMARK:
                return True
            at = data.find(begins, end)
    return False


def _longest_gap(data: bytes) -> int:
    """Return the most bytes between two tags, without a list of all of them."""
    return max((one.end() - one.start() for one in _GAP.finditer(data)), default=0)
