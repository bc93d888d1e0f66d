"""The open-data files of a publication, or of a preview."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from kpis.opendata import csv_bytes, json_text
from kpis.views.publication import Page
from kpis.workbooks import open_data_workbook

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def data_file(request: HttpRequest, page: Page, kind: str) -> HttpResponse:
    """Send the open data as csv, xlsx or json; ``?encoding=cp932`` for old Excel."""
    progress = page.progress
    if kind == "json":
        return _download(page, kind, [json_text(progress).encode()], "application/json")
    if kind == "xlsx":
        return _download(page, kind, [open_data_workbook(progress)], _XLSX)
    encoding = request.GET.get("encoding") or "utf-8"
    if encoding not in ("utf-8", "cp932"):
        raise Http404(f"文字コード「{encoding}」は選べません。utf-8 か cp932 を指定してください。")
    charset = "utf-8" if encoding == "utf-8" else "windows-31j"
    return _download(page, kind, csv_bytes(progress, encoding), f"text/csv; charset={charset}")


def _download(page: Page, kind: str, content: Iterable[bytes], media: str) -> HttpResponse:
    progress, edition = page.progress, page.progress.edition
    state = "preview" if edition is None else f"v{edition.version}"
    name = f"{progress.plan.slug}_{progress.period.code}_{state}.{kind}"
    response = StreamingHttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response  # type: ignore[return-value]  # a streaming answer is an answer
