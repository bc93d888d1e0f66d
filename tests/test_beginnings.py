"""A site without actions and meetings: readers are told so, and staff how to begin."""

import pytest

pytestmark = pytest.mark.django_db
PLAN = "/kadoma-monozukuri/"
ACTIONS, BOOK, MEETING = (
    'href="/admin/actions/action/"',
    'href="/admin/actions/plan/"',
    'href="/admin/kpis/meeting/add/"',
)
# The page, what everyone reads on it, and where staff are led.
EMPTY = [
    ("actions/", "この公表には、アクションの登録がありません。", (ACTIONS, BOOK)),
    ("tree/", "この計画にアクションは登録されていません。", (ACTIONS, BOOK)),
    ("measures/1-1/", "この施策に登録されているアクションはありません。", (ACTIONS, BOOK)),
    ("meetings/", "公開された会議はまだありません。", (MEETING,)),
]


def text_of(client, rest):
    return client.get(PLAN + rest).content.decode()


@pytest.mark.parametrize(("rest", "said", "ways"), EMPTY, ids=[one[0] for one in EMPTY])
def test_readers_are_told_and_staff_are_led_on(client, published, publisher, rest, said, ways):
    page = text_of(client, rest)
    assert said in page
    assert "/admin/" not in page
    client.force_login(publisher)
    page = text_of(client, rest)
    assert all(way in page for way in ways)


def test_a_member_is_not_led_to_the_staffs_pages(client, published, council_member):
    client.force_login(council_member)
    for rest, said, _ in EMPTY:
        page = text_of(client, rest)
        assert said in page
        assert "/admin/" not in page
