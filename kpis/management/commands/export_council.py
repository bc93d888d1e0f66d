"""Write the council's papers of a publication to a workbook, for a meeting where one is named."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpis.management.lookup import (
    add_publication_options,
    find_plan,
    find_publication,
    whole_number,
    write_output,
)
from kpis.models import Meeting
from kpis.payload import PayloadError
from kpis.selectors import UnknownMeetingError, council_papers, meeting_with
from kpis.workbooks.council import council_workbook


class Command(BaseCommand):
    """export_council SLUG [--period PERIOD] [--version N] [--meeting ID] -o FILE.xlsx."""

    help = "公表した内容から会議資料（Excel）を作成します。"

    def create_parser(self, *arguments: Any, **options: Any) -> Any:
        """Free the name --version, which Django keeps for itself."""
        return super().create_parser(*arguments, conflict_handler="resolve", **options)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        add_publication_options(parser)
        parser.add_argument(
            "--meeting", metavar="ID", help="会議の番号（管理画面の会議の一覧に表示）"
        )
        parser.add_argument("-o", "--output", required=True, help="書き出し先。- は標準出力")

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Write the file."""
        meeting = _meeting(options)
        if meeting is not None:
            options = _reviewed(meeting, options)
        try:
            papers = council_papers(find_publication(options), meeting)
        except PayloadError as error:
            raise CommandError(str(error)) from None
        write_output([council_workbook(papers)], options["output"])


def _meeting(options: dict[str, Any]) -> Meeting | None:
    """Return the meeting that the options name, or None. Raises CommandError where there is none."""
    if options["meeting"] is None:
        return None
    plan = find_plan(options["slug"])
    try:
        return meeting_with(plan, whole_number(options["meeting"], "--meeting"))
    except UnknownMeetingError as error:
        raise CommandError(str(error)) from None


def _reviewed(meeting: Meeting, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options with the publication that the meeting reviews, unless they name another."""
    chosen = meeting.publication
    if chosen is None or options["period"] or options["edition"]:
        return options
    return options | {"period": chosen.period.period.code, "edition": str(chosen.version)}
