"""What a reader sees of a workbook: cells as Excel shows them, and pages as LibreOffice prints them.

Written without the product's own code, from Excel's rules for number formats.
"""

import io
import os
import re
import shutil
import subprocess
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import pytest
from openpyxl import load_workbook


@lru_cache(maxsize=4)
def opened(content):
    """Return the workbook as its reader gets it; the same one for the same bytes, only to be read."""
    return load_workbook(io.BytesIO(content))


def seen(cell):
    """Return a cell as Excel shows it; blank for an empty one."""
    if cell.value is None:
        return ""
    if isinstance(cell.value, str):
        return cell.value
    return _formatted(Decimal(str(cell.value)), cell.number_format)


def _formatted(value, code):
    sections = code.split(";")
    if value < 0 and len(sections) > 1:
        section, value = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    else:
        section = sections[0]
    before, digits, after = re.fullmatch(
        r'((?:"[^"]*")*)([#,0.%]+)((?:"[^"]*")*)', section
    ).groups()
    if digits.endswith("%"):
        digits, value, after = digits[:-1], value * 100, f'"%"{after}'
    decimals = len(digits.partition(".")[2])
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    number = f"{rounded:,f}" if "," in digits else f"{rounded:f}"
    return f"{before}{number}{after}".replace('"', "")


def picture(page, area):
    """Return the area's rows as seen; < and ^ are cells merged with the left and the upper one."""
    hidden = {}
    for merged in page.merged_cells.ranges:
        for row, column in merged.cells:
            if (row, column) != (merged.min_row, merged.min_col):
                hidden[row, column] = "<" if column > merged.min_col else "^"
    return [
        [hidden.get((cell.row, cell.column)) or seen(cell) for cell in cells]
        for cells in page[area]
    ]


def printed(content, folder):
    """Return each page's text as LibreOffice prints the workbook, with its spaces kept."""
    for program in ("soffice", "pdftotext"):
        if shutil.which(program) is None:
            reason = f"{program} is not installed (Debian: libreoffice-calc, poppler-utils)"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    book = folder / "book.xlsx"
    book.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    run = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, book]
    subprocess.run(run, check=True, capture_output=True, timeout=180)
    text = subprocess.run(
        ["pdftotext", "-layout", folder / "book.pdf", "-"],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return text.stdout.decode().removesuffix("\f").split("\f")
