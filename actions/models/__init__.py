"""What the city does: a plan, its strategies, measures and actions, and the record of its publicity."""

from actions.models.actions import Action, ActionYear
from actions.models.plans import Measure, Plan, Strategy
from actions.models.publicity import PublicityRecord

__all__ = ["Action", "ActionYear", "Measure", "Plan", "PublicityRecord", "Strategy"]
