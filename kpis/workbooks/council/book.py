"""The council's papers as one workbook: which sheets it has, and the file around them."""

import io
from collections.abc import Callable, Generator
from dataclasses import dataclass

from openpyxl import Workbook

from kpis.papers import CouncilPapers
from kpis.workbooks.cells import clean_text
from kpis.workbooks.council import (
    actions,
    cover,
    details,
    indicators,
    kgi,
    opinions,
    publicity,
    rules,
    summary,
)
from kpis.workbooks.council.styles import add_styles
from kpis.workbooks.package import frozen

_LONGEST_PROPERTY = 255


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet: its name, what the cover says of it, how it is made, and whether it is needed."""

    title: str
    about: str
    add: Callable[[Workbook, CouncilPapers], None]
    applies: Callable[[CouncilPapers], bool] = lambda papers: True


@dataclass(frozen=True, slots=True)
class Step:
    """What is being made: the so-manieth of so many pieces of work."""

    number: int
    total: int
    name: str


PARTS = (
    Part(summary.TITLE, "参考判定の集計、前回からの変化、議論いただきたい点", summary.add),
    Part(indicators.TITLE, "成果指標（KPI）の目標と実績", indicators.add),
    Part(kgi.TITLE, "KGI（重要目標達成指標）の推移", kgi.add),
    Part(details.TITLE, "指標ごとの推移、算式、要因、今後の対応", details.add),
    Part(actions.TITLE, "施策ごとの取組みと進捗（PDCA）", actions.add, actions.applies),
    Part(opinions.TITLE, "委員の意見と市の対応", opinions.add, opinions.applies),
    Part(rules.TITLE, "達成率と参考判定の決め方、注記、訂正", rules.add),
    Part(publicity.TITLE, "計画を知らせる取組みと数量の累計", publicity.add, publicity.applies),
)


def council_workbook(papers: CouncilPapers) -> bytes:
    """Return the workbook. The same papers give the same bytes."""
    work = council_steps(papers)
    while True:
        try:
            next(work)
        except StopIteration as done:
            content: bytes = done.value
            return content


def council_steps(papers: CouncilPapers) -> Generator[Step, None, bytes]:
    """Yield each step before it is taken, and return the workbook."""
    parts = [one for one in PARTS if one.applies(papers)]
    total = len(parts) + 2
    yield Step(1, total, cover.TITLE)
    book = _new_book(papers)
    cover.add(book, papers, [(one.title, one.about) for one in parts])
    for number, one in enumerate(parts, start=2):
        yield Step(number, total, one.title)
        one.add(book, papers)
    yield Step(total, total, "ファイル")
    stream = io.BytesIO()
    book.save(stream)
    edition = papers.progress.edition
    content = stream.getvalue()
    return content if edition is None else frozen(content, edition.published_at)


def _new_book(papers: CouncilPapers) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    add_styles(book)
    progress = papers.progress
    told = book.properties
    told.title = clean_text(
        f"{progress.plan.name} 進捗状況（{progress.period.label}）", _LONGEST_PROPERTY
    )
    told.subject = "" if papers.meeting is None else clean_text(papers.meeting.name, 255)
    told.creator = clean_text(progress.plan.section or progress.plan.name, _LONGEST_PROPERTY)
    told.lastModifiedBy = told.creator
    told.language = "ja-JP"
    return book
