"""A plan book in the hands of the office: uploaded and confirmed, for the tests of its pages."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.models import Plan
from tests.planbooks import sheets, xlsx

IMPORT = "/admin/actions/plan/book/import/"
YEARS = [{"指標コード": "1-1", "年度": "R6", "目標値": 10, "根拠": "総合計画"}]
DONE = [{"指標コード": "1-1", "年度": "R6", "期間": "年度", "実績値": 5, "要因": "雨"}]
FULL = sheets(目標=YEARS, 実績=DONE)


@pytest.fixture
def chief(client, with_role):
    """The browser of システム管理者."""
    client.force_login(with_role("shisukan", "システム管理者", is_staff=True))
    return client


@pytest.fixture
def publishing(client, publisher):
    """The browser of 公表担当."""
    client.force_login(publisher)
    return client


def upload(client, data, name="計画.xlsx", **options):
    """Send the file, a table of sheets or bytes; return the answer after the redirect."""
    file = SimpleUploadedFile(name, data if isinstance(data, bytes) else xlsx(data))
    return client.post(IMPORT, {"file": file} | options, follow=True)


def confirm(client, page, reason="理由", **sent):
    """Press the button of a preview; return the page that follows."""
    fields = {"fingerprint": page.context["preview"].fingerprint, "reason": reason}
    return client.post(page.wsgi_request.path, fields | sent, follow=True)


def said(page):
    return [str(one) for one in get_messages(page.wsgi_request)]


def text(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.content.decode()))


def counts(page):
    return {one.sheet: (one.added, one.changed, one.removed) for one in page.context["counts"]}


def told(page):
    return [(o.sheet, o.key, o.item, o.old, o.new) for o in page.context["differences"]]


@pytest.fixture
def hoshi(chief):
    """星野市観光計画 with one indicator, taken in through the pages."""
    confirm(chief, upload(chief, FULL))
    return Plan.objects.get(slug="hoshi")
