"""The sentence that a reader meets first: its wording from few figures and from many."""

from dataclasses import replace

import pytest

from actions.fiscal import Period, Term
from kpis.changes import Move, all_since_last
from kpis.headline import headline
from kpis.judgement import DEFAULT_BANDS, Judgement, Verdict
from kpis.vocabulary import JudgementOutcome, Tone
from tests.builders import rich_progress

H1, FY, BEFORE = Period(2025, Term.H1), Period(2025, Term.FY), Period(2024, Term.FY)


def verdict(sign, label, tone, outcome=JudgementOutcome.BAND):
    return Verdict(outcome, sign, label, tone, "")


GOOD, FAIR = verdict("◎", "順調", Tone.GOOD), verdict("○", "概ね順調", Tone.FAIR)
WEAK, BAD = verdict("△", "やや遅れ", Tone.WEAK), verdict("×", "遅れ", Tone.BAD)
DONE, NEARLY = verdict("◎", "達成", Tone.GOOD), verdict("○", "概ね達成", Tone.FAIR)
MET = verdict("✓", "目標に到達", Tone.GOOD, JudgementOutcome.MET)
NONE = verdict("－", "判定なし", Tone.NEUTRAL, JudgementOutcome.NOT_JUDGED)
LATER = verdict("…", "年度末に判定", Tone.NEUTRAL, JudgementOutcome.NOT_DUE)


def plan(period, *pairs, bands=DEFAULT_BANDS):
    """Return a plan with an indicator a pair: its judgement in R6, None for none, and now."""
    progress = rich_progress()
    first = progress.strategies[0].indicators[0]
    year, result = first.years[1], first.years[1].results[0]

    def judged(when, one):
        found = replace(result, period=when, judgement=Judgement(one))
        return replace(year, fiscal_year=when.fiscal_year, results=(found,))

    indicators = tuple(
        replace(
            first,
            code=f"1-{place}",
            years=(*([] if old is None else [judged(BEFORE, old)]), judged(period, new)),
        )
        for place, (old, new) in enumerate(pairs, 1)
    )
    strategy = replace(progress.strategies[0], indicators=indicators)
    return replace(progress, period=period, strategies=(strategy,), bands=bands)


def standing(period, *verdicts, **others):
    return headline(plan(period, *((None, one) for one in verdicts), **others)).standing


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (
            [GOOD, GOOD, FAIR, MET, BAD, BAD, WEAK, NONE, NONE],
            "令和7年度上半期は、9指標のうち7指標を判定し、4指標が「順調」「概ね順調」または"
            "「目標に到達」、3指標が「やや遅れ」または「遅れ」です。",
        ),
        (
            [GOOD, BAD],
            "令和7年度上半期は、2指標のうち1指標が「順調」、1指標が「遅れ」です。",
        ),
        (
            [GOOD, FAIR, GOOD],
            "令和7年度上半期は、3指標すべてが「順調」または「概ね順調」です。",
        ),
        ([BAD, BAD], "令和7年度上半期は、2指標すべてが「遅れ」です。"),
        (
            [BAD, BAD, NONE],
            "令和7年度上半期は、3指標のうち2指標を判定し、そのすべてが「遅れ」です。",
        ),
        (
            [BAD, NONE, LATER],
            "令和7年度上半期は、3指標のうち1指標を判定し、結果は「遅れ」です。",
        ),
        (
            [NONE, LATER, NONE],
            "令和7年度上半期は、3指標のうち判定できたものがまだありません"
            "（「年度末に判定」が1指標、「判定なし」が2指標）。",
        ),
        ([GOOD], "令和7年度上半期は、指標が1つあり、「順調」です。"),
        ([NONE], "令和7年度上半期は、1つの指標がまだ判定されていません（「判定なし」）。"),
        ([], "この計画には、指標（KPI）が登録されていません。"),
    ],
)
def test_a_half_year_is_told_as_it_stands(verdicts, words):
    assert standing(H1, *verdicts) == words


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([DONE, NEARLY, BAD], "令和7年度は、3指標のうち2指標が「達成」または「概ね達成」、"),
        ([DONE, DONE], "令和7年度は、2指標すべてが「達成」でした。"),
        ([BAD, NONE], "令和7年度は、2指標のうち1指標を判定し、結果は「遅れ」でした。"),
        ([MET], "令和7年度は、指標が1つあり、「目標に到達」でした。"),
    ],
)
def test_a_year_is_told_as_what_was(verdicts, words):
    assert standing(FY, *verdicts).startswith(words)
    assert standing(FY, *verdicts).endswith("でした。")


def test_a_citys_own_words_and_colours_are_used():
    letters = [
        ("A", "計画以上", Tone.GOOD),
        ("B", "対象外", Tone.NEUTRAL),
        ("C", "要改善", Tone.WEAK),
    ]
    bands = tuple(
        replace(DEFAULT_BANDS[4 + place], sign=sign, label=label, tone=tone)
        for place, (sign, label, tone) in enumerate(letters)
    )
    best, beside, worst = (verdict(*one) for one in letters)
    words = standing(H1, worst, best, beside, bands=bands)
    assert words == (
        "令和7年度上半期は、3指標のうち1指標が「計画以上」、1指標が「対象外」、1指標が「要改善」です。"
    )


def test_what_is_not_measured_this_year_is_not_told_of():
    progress = plan(H1, (None, GOOD), (None, BAD))
    strategy = progress.strategies[0]
    ended = tuple(replace(one, end_year=2024) for one in strategy.indicators)
    half = replace(strategy, indicators=(strategy.indicators[0], ended[1]))
    none = replace(strategy, indicators=ended)
    told = [headline(replace(progress, strategies=(one,))).standing for one in (half, none)]
    assert told == [
        "令和7年度上半期は、指標が1つあり、「順調」です。",
        "令和7年度上半期は、この計画に測定する指標がありません。",
    ]


def test_a_strategy_is_told_of_by_its_own_indicators():
    progress = plan(H1, (None, GOOD), (None, BAD))
    some = list(progress.indicators)[1:]
    assert headline(progress, some, "この基本戦略").standing == (
        "令和7年度上半期は、指標が1つあり、「遅れ」です。"
    )
    assert headline(progress, [], "この基本戦略").standing == (
        "この基本戦略には、指標（KPI）が登録されていません。"
    )


def test_what_is_not_judged_and_what_a_person_changed_are_noted():
    progress = plan(H1, (None, GOOD), (None, NONE), (None, LATER), (None, NONE))
    assert headline(progress).notes == (
        "ほかは、「年度末に判定」が1指標、「判定なし」が2指標です。",
    )
    told = headline(rich_progress())  # 1-1 is computed ◎順調 and a person says ○概ね順調
    assert "「概ね順調」" in told.standing
    assert "「順調」" not in told.standing
    assert told.notes[-1] == "1指標は、担当者が理由を付けて判定を変更しています。"


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (
            [(FAIR, GOOD), (GOOD, BAD), (BAD, BAD), (GOOD, GOOD), (None, GOOD)],
            "前回（令和6年度）と比べて、1指標が改善し、1指標が悪化しました。2指標は横ばいです。",
        ),
        (
            [(FAIR, GOOD), (BAD, FAIR)],
            "前回（令和6年度）と比べて、2指標が改善し、悪化した指標はありません。",
        ),
        (
            [(GOOD, FAIR), (BAD, BAD)],
            "前回（令和6年度）と比べて、1指標が悪化し、改善した指標はありません。1指標は横ばいです。",
        ),
        (
            [(GOOD, GOOD), (BAD, BAD)],
            "前回（令和6年度）と比べて、改善・悪化した指標はなく、2指標が横ばいです。",
        ),
        ([(GOOD, NONE), (None, BAD)], "前回（令和6年度）と比べられる指標はありません。"),
        (
            [(None, GOOD), (NONE, BAD)],
            "これより前に判定した期間がないため、前回とは比べられません。",
        ),
        ([(GOOD, NONE)], ""),
    ],
)
def test_what_has_changed_since_last_time(pairs, words):
    assert headline(plan(H1, *pairs)).since == words


def test_a_period_without_judgement_is_passed_over():
    progress = plan(FY, (WEAK, GOOD), (BAD, BAD))
    first, second = progress.strategies[0].indicators
    result = first.years[-1].results[0]

    def between(indicator, one):
        half = replace(result, period=H1, judgement=Judgement(one))
        last = indicator.years[-1]
        years = (*indicator.years[:-1], replace(last, results=(half, *last.results)))
        return replace(indicator, years=years)

    both = (between(first, NONE), between(second, WEAK))
    strategy = replace(progress.strategies[0], indicators=both)
    progress = replace(progress, strategies=(strategy,))
    found = all_since_last(progress, both)
    assert [(one.move, one.since, one.before_words) for one in found] == [
        (Move.BETTER, BEFORE, "R6 △やや遅れ"),
        (Move.WORSE, H1, "R7上半期 △やや遅れ"),
    ]
    assert headline(progress).since == (
        "前回（令和7年度上半期など）と比べて、1指標が改善し、1指標が悪化しました。"
    )


def test_what_cannot_be_compared_says_why():
    found = all_since_last(progress := plan(H1, (None, GOOD), (GOOD, NONE)), progress.indicators)
    assert [(one.move, one.before_words) for one in found] == [
        (Move.UNKNOWN, "前回の判定なし"),
        (Move.UNKNOWN, ""),
    ]
