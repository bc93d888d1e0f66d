"""Take in a plan book: a whole plan from one workbook."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpis.imports.archive import UploadError
from kpis.imports.planbook import faultless, read_planbook
from kpis.management.lookup import find_person_or_only, read_input
from kpis.planbook.checks import in_reading_order
from kpis.planbook.imported import Imported
from kpis.planbook.typed import Fault
from kpis.services import BookError, import_book

_MOST_LISTED = 200  # differences; the counts tell the rest


class Command(BaseCommand):
    """import_plan FILE.xlsx [--dry-run] [--delete-missing] [--by USER] [--reason TEXT]."""

    help = "計画ブック（Excel）から計画を登録し、登録済みの計画は違うところだけを変更します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", metavar="FILE.xlsx", help="計画ブック")
        parser.add_argument(
            "--dry-run", action="store_true", help="何が変わるかを示すだけで、登録しない"
        )
        parser.add_argument(
            "--delete-missing",
            action="store_true",
            help="計画ブックのシートにない行を、登録済みの計画から削除する",
        )
        parser.add_argument(
            "--by", default="", metavar="USER", help="取り込む人の利用者名。既定は唯一の管理者"
        )
        parser.add_argument("--reason", default="", help="変更の理由（変更履歴に残る）")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Record the book and say what changed; with any fault list them all and record nothing."""
        by = find_person_or_only(options["by"])
        try:
            reading = read_planbook(read_input(options["file"]))
            imported = import_book(
                book=faultless(reading, options["delete_missing"]),
                by=by,
                reason=options["reason"],
                places=reading.places,
                delete_missing=options["delete_missing"],
                dry_run=options["dry_run"],
            )
        except UploadError as error:
            raise CommandError(str(error)) from None
        except BookError as error:
            raise CommandError(_listed(error.faults)) from None
        self.stdout.write("\n".join(_words(imported)))


def _listed(faults: tuple[Fault, ...]) -> str:
    lines = (one.words for one in in_reading_order(faults))
    return "\n".join([f"取り込めません。直すところが{len(faults)}件あります。", *lines])


def _words(imported: Imported) -> list[str]:
    is_trial = imported.dry_run
    ends = "します" if is_trial else "しました"
    done = "新しく登録" if imported.is_new else "変更" if imported.is_change else ""
    head = f"{imported.name}（{imported.slug}）を{done}{ends}。" if done else "変更はありません。"
    lines = [head]
    for one in imported.counts:
        if one.added or one.changed or one.removed:
            lines.append(f"{one.sheet}: 追加{one.added}、変更{one.changed}、削除{one.removed}")
    if imported.periods:
        lines.append(f"新しい報告期間: {'、'.join(imported.periods)}")
    changed = [one for one in imported.differences if one.heading or not imported.is_new]
    lines += [
        f"  {one.sheet} {one.key} {one.heading}: {one.old} → {one.new}"
        if one.heading
        else f"  {one.sheet} {one.key} {one.new}"
        for one in changed[:_MOST_LISTED]
    ]
    if len(changed) > _MOST_LISTED:
        lines.append(f"  ほか{len(changed) - _MOST_LISTED:,}件")
    if is_trial:
        lines.append("試しに読み取っただけで、登録していません。")
    return lines
