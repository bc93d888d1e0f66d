"""Reading what is typed of an action's year, and putting two people's changes together."""

from dataclasses import replace

import pytest

from actions.fiscal import Period, Term
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.merging import Merged
from kpis.pdca import ActionRow, Typed, fields_of, merge, nothing, progress_of, read, typed_of
from kpis.progress import ActionYear

STANDING = ActionYear(
    2025,
    Stage.RUNNING,
    "年4回開く",
    "2回開いた",
    "4回開いた",
    "満員",
    Evaluation.ON_PLAN,
    Revision.IMPROVE,
    "会場を変える",
)
BLANK = nothing(2025)


def test_a_half_year_asks_for_do_and_check_and_a_year_for_action_too():
    assert fields_of(Term.H1) == ("stage", "done_first_half", "results", "evaluation")
    assert fields_of(Term.FY) == (
        *("stage", "done", "results", "evaluation", "revision", "revision_note"),
    )


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("stage", "実施", Stage.RUNNING),
        ("stage", "running", Stage.RUNNING),
        ("stage", " 休止 ", Stage.PAUSED),
        ("stage", "", None),
        ("evaluation", "計画どおり", Evaluation.ON_PLAN),
        ("evaluation", "未着手", Evaluation.NOT_STARTED),
        ("revision", "終了", Revision.END),
        ("done", "一行目\r\n二行目\r", "一行目\n二行目"),
        ("done", "  =1+1  ", "=1+1"),
        ("results", "a\x00b\x07c", "abc"),
        ("results", "あ" * 2000, "あ" * 2000),
        ("revision_note", "0", "0"),
    ],
)
def test_a_typed_cell_is_read(name, text, value):
    assert read(Typed(**{name: text}), BLANK, Term.FY) == (replace(BLANK, **{name: value}), {})


def test_every_fault_is_told_at_its_cell_at_once():
    typed = Typed(stage="じっし", done="あ" * 2001, evaluation="A", revision="継続する")
    entry, faults = read(typed, BLANK, Term.FY)
    assert entry == replace(BLANK, done="あ" * 2001)
    assert faults == {
        "stage": [
            "「じっし」は選べません。次から選んでください: 検討、準備、実施、拡充、完了、休止"
        ],
        "done": ["2,000字までで入力してください（現在2,001字）。"],
        "evaluation": [
            "「A」は選べません。次から選んでください: 計画以上、計画どおり、やや遅れ、遅れ、未着手"
        ],
        "revision": [
            "「継続する」は選べません。次から選んでください: 継続、拡充、改善、縮小、終了"
        ],
    }


def test_what_the_term_does_not_ask_for_stays_as_it_stands():
    entry, _ = read(Typed(done="別", revision="end", revision_note="別"), STANDING, Term.H1)
    assert entry == replace(STANDING, stage=None, done_first_half="", results="", evaluation=None)
    entry, _ = read(Typed(done_first_half="別"), STANDING, Term.FY)
    assert (entry.plan, entry.done_first_half) == ("年4回開く", "2回開いた")


def test_what_is_shown_is_read_back_as_it_is_recorded():
    for term in Term:
        assert read(typed_of(STANDING), STANDING, term) == (STANDING, {})
    assert typed_of(BLANK) == Typed()


def changed(**fields):
    return replace(STANDING, **fields)


@pytest.mark.parametrize(
    ("mine", "theirs", "merged", "contested"),
    [
        pytest.param(changed(done="5回"), STANDING, changed(done="5回"), (), id="mine alone"),
        pytest.param(STANDING, changed(done="6回"), changed(done="6回"), (), id="theirs alone"),
        pytest.param(
            changed(done="5回"),
            changed(evaluation=Evaluation.LATE),
            changed(done="5回", evaluation=Evaluation.LATE),
            (),
            id="different cells",
        ),
        pytest.param(changed(done="5回"), changed(done="5回"), changed(done="5回"), (), id="same"),
        pytest.param(
            changed(done="5回", stage=None),
            changed(done="6回"),
            changed(done="5回", stage=None),
            ("done",),
            id="one cell",
        ),
    ],
)
def test_two_changes_of_a_year_are_put_together(mine, theirs, merged, contested):
    assert merge(STANDING, mine, theirs) == Merged(merged, contested)


def test_without_what_was_seen_every_difference_is_asked_about():
    assert merge(None, changed(done="5回"), STANDING) == Merged(changed(done="5回"), ("done",))


def row(entry, term=Term.FY, previous=None):
    return ActionRow(
        action=1,
        code="1-1-1",
        name="セミナー",
        measure_code="1-1",
        measure="デジタル化",
        actor=Actor.CITY,
        is_priority=False,
        is_example=False,
        section="産業振興課",
        period=Period(2025, term),
        entry=entry,
        previous=previous,
    )


@pytest.mark.parametrize(
    ("term", "entry", "missing"),
    [
        (Term.H1, BLANK, ("上半期の実施内容", "成果・課題", "評価")),
        (Term.FY, BLANK, ("年度の実施内容", "成果・課題", "評価", "見直し")),
        (Term.H1, STANDING, ()),
        (Term.FY, STANDING, ()),
        (Term.FY, changed(done="", revision_note=""), ("年度の実施内容",)),
        (Term.H1, changed(done="", revision=None), ()),
        (Term.H1, replace(BLANK, stage=Stage.PAUSED), ()),  # nothing is done while it is paused
        (
            Term.FY,
            replace(BLANK, stage=Stage.DONE),
            ("年度の実施内容", "成果・課題", "評価", "見直し"),
        ),
    ],
)
def test_a_row_tells_what_is_still_to_be_written(term, entry, missing):
    assert row(entry, term).missing == missing


def test_the_rows_tell_how_far_the_round_is():
    told = progress_of([row(BLANK), row(STANDING), row(STANDING)])
    assert (told.number, told.written, told.missing) == (3, 2, 1)
    assert progress_of([]).number == 0


def test_plan_half_year_and_last_year_stand_beside_the_cells():
    last = replace(nothing(2024), evaluation=Evaluation.LATE, revision=Revision.IMPROVE)
    assert row(STANDING, Term.FY, last).beside == [
        ("R7の計画", "年4回開く"),
        ("R7の上半期の実施内容", "2回開いた"),
        ("R6の評価・見直し", "評価: 遅れ\n見直し: 改善"),
    ]
    assert row(STANDING, Term.H1).beside == [("R7の計画", "年4回開く")]
    assert row(BLANK, Term.FY, nothing(2024)).beside == []
