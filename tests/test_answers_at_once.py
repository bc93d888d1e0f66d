"""At the same moment: two who answer one opinion, and two who keep one meeting's papers."""

import pytest

from kpis.models import MeetingMaterial, Opinion, Publication
from kpis.opinions import Answer
from kpis.services import AnswerError, answer_of, answer_opinion, keep_material, publish_outright
from kpis.vocabulary import OpinionState
from tests.conftest import R7_H1
from tests.factories import make_meeting, make_plan
from tests.test_concurrency import kinds, shared, together  # noqa: F401 (fixture)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting():
    return make_meeting(plan=make_plan(slug="small", indicators=2), number=1)


def test_of_two_who_answer_one_opinion_one_is_asked_again(meeting, publisher, administrator):
    opinion, blank = Opinion.objects.get(), Answer("", None, "")

    def answers(by, reply):
        said = {"reply": reply, "state": OpinionState.LATER, "state_reason": ""}
        return answer_opinion(opinion=opinion, by=by, seen=blank, **said)

    done = together(
        lambda: answers(publisher, "甲の回答"),
        lambda: answers(administrator, "乙の回答"),
        expected=AnswerError,
    )
    assert kinds(done) == ["AnswerError", "bool"]
    (refused,) = (one for one in done if isinstance(one, AnswerError))
    opinion.refresh_from_db()
    assert refused.now == answer_of(opinion)
    assert opinion.history.filter(history_type="~").count() == 1


def test_the_same_paper_that_two_keep_at_once_is_kept_once(meeting, publisher, administrator):
    publish_outright(plan=meeting.plan, period=R7_H1, by=administrator, reason="初回")
    paper = {"publication": Publication.objects.get(), "content": b"PK", "name": "資料1.xlsx"}
    done = together(
        *(
            lambda by=by: keep_material(meeting=meeting, by=by, **paper)[1]
            for by in (publisher, administrator)
        )
    )
    assert sorted(done) == [False, True]
    assert MeetingMaterial.objects.count() == 1
