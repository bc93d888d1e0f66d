"""Indicators with a few years, in one line each."""

from dataclasses import replace
from decimal import Decimal

from actions.fiscal import Period, Term
from kpis.attainment import Rule
from kpis.numerals import format_exact
from kpis.progress import Target, YearProgress
from kpis.vocabulary import TargetStatus
from tests.builders import actual, facts, result, rich_progress


def indicator_of(*whole, half=None, goal="12", rule=None, last=2028, **entered):
    """Return an indicator whose whole years begin in R5; ``half`` is the 上半期 of the next year.

    Every year from R6 on has the goal, None for none. ``entered`` belongs to the newest actual.
    """
    rules = Rule(**(rule or {}))
    target = Target(TargetStatus.UNSET, None, "", "", "")
    set_target = target
    if goal is not None:
        shown = format_exact(Decimal(goal))
        set_target = replace(target, status=TargetStatus.SET, value=Decimal(goal), display=shown)
    found = {2023 + place: (Term.FY, value) for place, value in enumerate(whole)}
    if half is not None:
        found[2023 + len(whole)] = (Term.H1, half)
    years = []
    for year in range(2023, last + 1):
        mine = target if year == 2023 else set_target
        results = ()
        if year in found:
            term, value = found[year]
            shown = "" if value is None else format_exact(Decimal(value))
            own = actual(value, display=shown, **(entered if year == max(found) else {}))
            due = None if mine.value is None else goal
            results = (result(Period(year, term), rules, own, facts(value, due, term)),)
        years.append(YearProgress(year, mine, results))
    base = rich_progress().indicator("1-1")
    return replace(base, rule=rules, years=tuple(years))
