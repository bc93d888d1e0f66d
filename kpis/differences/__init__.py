"""What two read models of a plan say differently, as a table of corrections (訂正表) lists it. Pure."""

from kpis.differences.rows import Difference
from kpis.differences.walk import differences

__all__ = ["Difference", "differences"]
