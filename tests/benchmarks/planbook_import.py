"""What taking in a plan book costs: ``uv run python -m tests.benchmarks.planbook_import``.

Each step runs in a process of its own on a database in memory; making the file is not measured.
Prints the time of reading and of recording, and the peak memory of the whole process.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "kadoma_plan.settings"

import django

django.setup()

from django.contrib.auth import get_user_model
from django.test.utils import setup_databases, setup_test_environment
from openpyxl import Workbook

from kpis.imports.planbook import read_planbook
from kpis.services import import_book

INDICATORS, YEARS, STRATEGIES = 1_500, range(2024, 2034), 10
CAUSE = "市内企業への訪問を増やし、商工会議所と連携して周知したため。"
NEXT = "次の半年は、まだ訪ねていない企業を中心に進める。"
STEPS = ("new", "new, dry run", "the same again", "all actuals changed")


def book(bump: int) -> Workbook:
    """Return a plan of 1,500 indicators over ten years, with an actual and a target for each."""
    made = Workbook(write_only=True)
    for title, rows in tables(bump).items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    return made


def tables(bump: int) -> dict[str, list[tuple]]:
    """Return the sheets' rows, headings first."""
    codes = [(one % STRATEGIES + 1, one // STRATEGIES + 1) for one in range(INDICATORS)]
    return {
        "計画": [
            ("スラッグ", "計画名", "開始年度", "終了年度", "基準年度"),
            ("large", "大きな計画", "令和6年度", "令和15年度", "令和5年度"),
        ],
        "体系": [("戦略番号", "戦略名", "施策番号", "施策名")]
        + [(one, f"戦略{one}", 1, "施策") for one in range(1, STRATEGIES + 1)],
        "指標": [
            ("指標コード", "戦略番号", "指標名", "単位", "小数桁", "種別", "算式", "関連する施策")
        ]
        + [(f"{s}-{n}", s, f"指標{s}-{n}", "件", 1, "累計", "単純比", f"{s}-1") for s, n in codes],
        "目標": [("指標コード", "年度", "目標値", "状態", "根拠", "備考")]
        + [(f"{s}-{n}", f"{y}年度", 100 + n, "設定", "計画", "") for s, n in codes for y in YEARS],
        "実績": [("指標コード", "年度", "期間", "実績値", "要因", "今後の対応", "公表達成率")]
        + [
            (f"{s}-{n}", f"{y}年度", "年度", f"{50 + n + bump}件", CAUSE, NEXT, "58.6%")
            for s, n in codes
            for y in YEARS
        ],
    }


def measure(file: Path, step: str) -> None:
    """Print what one step takes."""
    setup_test_environment()
    setup_databases(verbosity=0, interactive=False)
    by = get_user_model().objects.create_superuser("bench")
    content = file.read_bytes()
    if step not in STEPS[:2]:
        known = read_planbook((file.parent / "first.xlsx").read_bytes())
        assert known.book is not None
        import_book(book=known.book, by=by, places=known.places)
        del known
    began = time.perf_counter()
    reading = read_planbook(content)
    read = time.perf_counter()
    assert reading.book is not None
    assert reading.faults == ()
    told = import_book(book=reading.book, by=by, places=reading.places, dry_run=step == STEPS[1])
    ended = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{step:22} read {read - began:5.1f} s  record {ended - read:5.1f} s  "
        f"differences {len(told.differences):6,}  file {len(content) / 2**20:4.1f} MB  "
        f"peak {peak:4.0f} MB"
    )


def main() -> None:
    """Make the files and measure each step in its own process."""
    with tempfile.TemporaryDirectory() as directory:
        first, second = Path(directory, "first.xlsx"), Path(directory, "second.xlsx")
        book(0).save(first)
        book(1).save(second)
        for step in STEPS:
            file = second if step == STEPS[3] else first
            subprocess.run([sys.executable, "-m", __spec__.name, str(file), step], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]), sys.argv[2])
    else:
        main()
