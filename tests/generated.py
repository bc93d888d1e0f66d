"""Whole plans made by Hypothesis as plan books: every sheet, every word of every closed list."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from actions.fiscal import Term
from actions.vocabulary import Actor, Evaluation, Revision, Stage
from kpis.planbook.rows import (
    ActionRow,
    ActionYearRow,
    ActualRow,
    BandRow,
    IndicatorRow,
    KgiComparisonRow,
    KgiRevisionRow,
    KgiRow,
    KgiValueRow,
    MeasureRow,
    PlanBook,
    PlanRow,
    PublicityRow,
    TargetRevisionRow,
    TargetRow,
)
from kpis.vocabulary import (
    ActualReason,
    Direction,
    FollowUp,
    Formula,
    Kind,
    Rounding,
    TargetStatus,
    Tone,
)

_LETTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"),
    exclude_characters="\ufffe\uffff",
)
words = st.text(_LETTERS, min_size=1, max_size=8)
maybe = st.just("") | words
lines = maybe | st.lists(words, min_size=2, max_size=3).map("\n".join)
days = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))
YEARS = range(2023, 2027)


def figures(decimals):
    """Return figures with so many decimals, of up to fifteen digits."""
    most = 10 ** (15 - decimals) - 1
    numbers = st.integers(-most, most) | st.integers(-200, 200)
    return numbers.map(lambda one: Decimal(one).scaleb(-decimals))


def several(draw, rows, key, most):
    """Return some of the rows, no two with the same key."""
    return tuple(draw(st.lists(rows, max_size=most, unique_by=key)))


@st.composite
def indicators(draw, code, strategy, measures, others):
    """Return one indicator that keeps every rule of its record."""
    kind = draw(st.sampled_from(Kind))
    milestone = kind is Kind.MILESTONE
    decimals = 0 if milestone else draw(st.integers(0, 4))
    formula = Formula.NONE if milestone else draw(st.sampled_from(Formula))
    based = formula is Formula.FROM_BASELINE or draw(st.booleans())
    base = st.sampled_from((Decimal(0), Decimal(1))) if milestone else figures(decimals)
    start, end = draw(st.none() | st.just(2024)), draw(st.none() | st.sampled_from((2024, 2025)))
    former = draw(maybe)
    renamed = draw(st.sampled_from(YEARS)) if former else None
    changed = any(one is not None for one in (start, end, renamed))
    return IndicatorRow(
        code=code,
        strategy=strategy,
        name=draw(words),
        unit=draw(words),
        decimals=decimals,
        kind=kind,
        direction=draw(st.sampled_from(Direction)),
        formula=formula,
        baseline_year=2023 if based else None,
        baseline_value=draw(base) if based else None,
        rated_at_half_year=draw(st.booleans()),
        expected_share=draw(st.integers(0, 100).map(lambda one: Decimal(one) / 100)),
        rate_decimals=draw(st.integers(0, 2)),
        rounding=draw(st.sampled_from(Rounding)),
        keep_zeros=draw(st.booleans()),
        definition=draw(lines),
        target_source=draw(maybe),
        section=draw(maybe),
        measures=tuple(sorted(draw(st.sets(st.sampled_from(measures), max_size=2)))),
        note=draw(lines),
        start_year=start,
        end_year=end,
        former_name=former,
        renamed_year=renamed,
        successor=draw(st.sampled_from(("", *others))) if end and others else "",
        review_reason=draw(words) if changed else draw(lines),
    )


@st.composite
def target_states(draw, values):
    """Return a status with what it needs: its value and its source."""
    status = draw(st.sampled_from(TargetStatus))
    value = draw(values) if status is TargetStatus.SET else None
    source = draw(words if status is TargetStatus.LINKED else maybe)
    return {"status": status, "value": value, "source": source}


@st.composite
def actuals(draw, code, values, milestone):
    """Return one actual: a figure, a reason, or words alone."""
    term, year = draw(st.sampled_from(Term)), draw(st.sampled_from(YEARS))
    value = draw(st.none() | values)
    reason = draw(st.none() | st.sampled_from(ActualReason)) if value is None else None
    return ActualRow(
        indicator=code,
        fiscal_year=year,
        term=term,
        value=value,
        reason=reason,
        provisional=value is not None and draw(st.booleans()),
        printed_rate=draw(maybe),
        cause=draw(words),  # a row in which nothing is told is no actual
        next_step=draw(lines),
        note=draw(lines),
        confirmation=draw(lines),
        override="",
        override_reason="",
        forecast=draw(st.none() | values) if term is Term.H1 else None,
        carried_from=None if value is None else draw(st.none() | st.integers(2000, year - 1)),
        next_step_owner=draw(maybe),
        next_step_due=draw(st.none() | days),
        follow_up=(answer := draw(st.none() | st.sampled_from(FollowUp))),
        follow_up_note="" if answer is None else draw(words if answer.needs_reason else lines),
    )


@st.composite
def bands(draw, owner):
    """Return the classes of both terms of one owner, the plan or an indicator."""
    found = []
    for term in Term:
        bounds = draw(st.sets(st.integers(-500, 20_000), min_size=1, max_size=6))
        labels = draw(
            st.lists(words, min_size=len(bounds) + 1, max_size=len(bounds) + 1, unique=True)
        )
        lowers = [*(Decimal(one) / 100 for one in bounds), None]
        for lower, label in zip(lowers, labels, strict=True):
            sign, tone = (
                draw(st.text(_LETTERS, min_size=1, max_size=2)),
                draw(st.sampled_from(Tone)),
            )
            found.append(BandRow(term, lower, sign, label, tone, owner))
    return tuple(found)


@st.composite
def kgis(draw, code):
    """Return one KGI with its years, what stands beside it, and what was revised."""
    decimals = draw(st.integers(0, 4))
    values, growth = figures(decimals), st.none() | figures(4).filter(lambda one: abs(one) < 10**5)
    years = draw(st.lists(st.integers(2018, 2028), max_size=3, unique=True))
    kgi = KgiRow(
        code=code,
        name=draw(words),
        unit=draw(words),
        comparator=draw(words),
        base_year=2022,
        target_year=2028,
        target=draw(words),
        decimals=decimals,
        source=draw(maybe),
        note=draw(lines),
    )
    rows, revisions = [], []
    for year in years:
        theirs = draw(growth)
        other = None if theirs is not None else draw(st.none() | figures(2))
        rows.append(
            KgiValueRow(
                code, year, draw(st.none() | values), theirs, draw(lines), other, draw(maybe)
            )
        )
        for day in draw(st.sets(days, max_size=2)):
            before = (draw(st.none() | values), draw(growth))
            revisions.append(KgiRevisionRow(code, year, day, *before, draw(words)))
    beside = st.tuples(words, st.integers(2018, 2028), st.booleans(), figures(4))
    comparisons = [
        KgiComparisonRow(code, name, year, value if given else None, None if given else value % 1)
        for name, year, given, value in draw(
            st.lists(beside, max_size=2, unique_by=lambda one: one[:2])
        )
    ]
    return kgi, rows, comparisons, revisions


@st.composite
def action_years(draw, code):
    """Return one fiscal year of an action."""
    return ActionYearRow(
        action=code,
        fiscal_year=draw(st.sampled_from(YEARS)),
        stage=draw(st.none() | st.sampled_from(Stage)),
        plan=draw(lines),
        done=draw(lines),
        results=draw(lines),
        evaluation=draw(st.none() | st.sampled_from(Evaluation)),
        revision=draw(st.none() | st.sampled_from(Revision)),
        done_first_half=draw(lines),
        revision_note=draw(lines),
    )


@st.composite
def plan_books(draw):
    """Return a whole plan that keeps every rule."""
    strategies = [(number, draw(words), draw(maybe), draw(lines)) for number in (1, 2)]
    measures = tuple(
        MeasureRow(
            strategy,
            name,
            tag,
            number,
            draw(words),
            draw(st.none() | st.just(7)),
            note,
            draw(lines),
            draw(lines),
        )
        for strategy, name, tag, note in strategies
        for number in range(1, draw(st.integers(1, 3)))
    ) or (MeasureRow(*strategies[0][:3], 1, "施策", None, strategies[0][3], ""),)
    named = {one.strategy for one in measures}
    lonely = [one for one in strategies if one[0] not in named]
    codes = [f"{one.strategy}-{one.number}" for one in measures]
    own = ["1-1", "1-2", "2-1"][: draw(st.integers(1, 3))]
    found = [
        draw(indicators(code, int(code[0]), codes, [one for one in own if one != code]))
        for code in own
    ]
    targets, revisions, entered, own_bands = [], [], [], []
    for one in found:
        milestone = one.kind is Kind.MILESTONE
        values = st.sampled_from((Decimal(0), Decimal(1))) if milestone else figures(one.decimals)
        wanted = st.just(Decimal(1)) if milestone else values
        for year in draw(st.sets(st.sampled_from(YEARS))):
            said = draw(target_states(wanted))
            word = draw(maybe) if milestone else ""
            day = draw(st.none() | days)
            targets.append(
                TargetRow(one.code, year, note=draw(lines), decided_on=day, words=word, **said)
            )
            for revised in draw(st.sets(days, max_size=2)):
                before = draw(target_states(values))
                revisions.append(
                    TargetRevisionRow(one.code, year, revised, reason=draw(words), **before)
                )
        entered += several(
            draw, actuals(one.code, values, milestone), lambda row: (row.fiscal_year, row.term), 3
        )
        if draw(st.booleans()):
            own_bands += draw(bands(one.code))
    statistics = [draw(kgis(code)) for code in ("kgi-1", "kgi-2")[: draw(st.integers(0, 2))]]
    acted = [
        ActionRow(
            code=code,
            measure=draw(st.sampled_from(codes)),
            actor=draw(st.sampled_from(Actor)),
            name=draw(words),
            content=draw(lines),
            is_priority=(priority := draw(st.booleans())),
            indicators=tuple(sorted(draw(st.sets(st.sampled_from(own), max_size=2)))),
            no_indicator_reason=draw(lines),
            section=draw(maybe),
            priority_reason=draw(lines) if priority else "",
            partners=draw(maybe),
            is_example=draw(st.booleans()),
        )
        for code in ("A-1", "A-2")[: draw(st.integers(0, 2))]
    ]
    return PlanBook(
        plan=PlanRow(
            *("hypo", draw(words), draw(maybe), 2024, 2026, 2023),
            *(draw(maybe), draw(maybe), draw(maybe), draw(lines)),
        ),
        measures=(
            *measures,
            *(
                MeasureRow(no, name, tag, None, "", None, note, "")
                for no, name, tag, note in lonely
            ),
        ),
        indicators=tuple(found),
        targets=tuple(targets),
        actuals=tuple(entered),
        kgis=tuple(one[0] for one in statistics),
        kgi_values=tuple(row for one in statistics for row in one[1]),
        kgi_comparisons=tuple(row for one in statistics for row in one[2]),
        kgi_revisions=tuple(row for one in statistics for row in one[3]),
        actions=tuple(acted),
        action_years=tuple(
            year
            for one in acted
            for year in several(draw, action_years(one.code), lambda row: row.fiscal_year, 2)
        ),
        bands=(*draw(bands("")), *own_bands),
        publicity=several(
            draw,
            st.builds(
                PublicityRow,
                day=st.none() | days,
                kind=words,
                content=words,
                quantity=st.none() | figures(4).filter(lambda one: abs(one) < 10**11),
                unit=maybe,
                note=lines,
                item=maybe,
            ),
            lambda row: (row.day, row.kind, row.content),
            2,
        ),
        target_revisions=tuple(revisions),
    )
