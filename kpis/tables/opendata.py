"""Tables of the open-data page: what explains the data, and where each publication stays."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from actions.fiscal import date_label
from kpis.links import Issue, Links
from kpis.opendata import COLUMNS, OTHERS, Replaced, codes, replaced
from kpis.opendata.files import DataFile
from kpis.progress import PlanProgress
from kpis.tables.base import Table, text_column, word_column


class DictionaryTable(Table):
    """The data dictionary."""

    heading = "heading_ja"
    heading_ja = word_column("項目名", accessor="heading")
    key = text_column("キー")
    kind = word_column("型")
    unit = text_column("単位")
    meaning = text_column("内容")
    blank = text_column("空欄の意味")


def dictionary_table() -> DictionaryTable:
    """Return what each column of the data means."""
    return DictionaryTable("dictionary", list(COLUMNS), "データの項目の一覧")


@dataclass(frozen=True, slots=True)
class _OtherColumn:
    file: str
    heading: str
    key: str
    kind: str
    unit: str
    meaning: str
    blank: str


class OthersTable(Table):
    """The data dictionary of the files beside the data."""

    heading = "heading_ja"
    file = word_column("ファイル")
    heading_ja = word_column("項目名", accessor="heading")
    key = text_column("キー")
    kind = word_column("型")
    unit = text_column("単位")
    meaning = text_column("内容")
    blank = text_column("空欄の意味")


def others_table() -> OthersTable:
    """Return what each column of the files beside the data means."""
    rows = [
        _OtherColumn(file, one.heading, one.key, one.kind, one.unit, one.meaning, one.blank)
        for file, columns in OTHERS.items()
        for one in columns
    ]
    return OthersTable("dictionary-changes", rows, "目標の改定と指標の見直しの項目の一覧")


class CodesTable(Table):
    """The code lists."""

    heading = "code"
    code = text_column("コード")
    heading_ja = word_column("項目名", accessor="heading")
    name = text_column("名称")
    meaning = text_column("意味")


def codes_table(progress: PlanProgress) -> CodesTable:
    """Return every code of the data with its meaning."""
    return CodesTable("codes", list(codes(progress)), "コードの一覧")


@dataclass(frozen=True, slots=True)
class _CharacterRow:
    character: str
    code_point: str
    written: str
    where: SafeString


class CharactersTable(Table):
    """Characters that CP932 lacks."""

    heading = "character"
    character = word_column("文字")
    code_point = word_column("コードポイント")
    written = word_column("CP932での表記")
    where = text_column("項目名と指標コード")


def characters_table(progress: PlanProgress) -> CharactersTable | None:
    """Return what CP932 cannot write of the data, None where it can write everything."""
    rows = [
        _CharacterRow(one.character, one.code_point, one.written, _where(one))
        for one in replaced(progress)
    ]
    return CharactersTable("characters", rows, "CP932にない文字の一覧") if rows else None


def _where(one: Replaced) -> SafeString:
    """Return the places, a column a line; no indicator's code breaks at its hyphen."""
    lines = [
        format_html("{} {}", heading, _unbroken((code,) for code in codes))
        for heading, codes in one.columns.items()
    ]
    return format_html_join("\n", "{}", ((line,) for line in lines))


def _unbroken(words: Iterable[tuple[str]]) -> SafeString:
    return format_html_join("、", '<span class="word">{}</span>', words)


@dataclass(frozen=True, slots=True)
class _IssueRow:
    name: str
    day: str
    addresses: SafeString


class IssueTable(Table):
    """The permanent addresses."""

    heading = "name"
    name = word_column("公表")
    day = word_column("公表日")
    addresses = text_column("変わらないアドレス")


def issues_table(issues: Sequence[Issue], links: Links, files: Sequence[DataFile]) -> IssueTable:
    """Return where each publication's files stay."""
    rows = [
        _IssueRow(
            name=f"{one.period.label} 第{one.version}版",
            day=date_label(one.day),
            addresses=_addresses(one, links, files),
        )
        for one in issues
    ]
    return IssueTable("issues", rows, "公表ごとのデータの変わらないアドレス")


def _addresses(issue: Issue, links: Links, files: Sequence[DataFile]) -> SafeString:
    """Return a link to each file, below the address that they share."""
    found = [(links.permanent(issue, one.name, one.query), one.title) for one in files]
    folder = found[0][0].removesuffix(files[0].name)
    return format_html(
        "{}\n{}", folder, format_html_join("、", '<a class="word" href="{}">{}</a>', found)
    )
