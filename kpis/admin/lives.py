"""An indicator's life in the plan: its start, its end, another name, and what takes its place."""

from typing import Any

from kpis.admin.history import ReasonForm
from kpis.models import Indicator

LIFE = (
    ("start_year", "end_year"),
    ("former_name", "renamed_year"),
    "successor",
    "review_reason",
)
LIFE_HELP = (
    "計画の途中で指標を見直したときだけ入力します。公表済みの内容は変わりません。"
    "終了した指標を削除すると実績も失われるため、終了年度を入力して残してください。"
)


class LifeForm(ReasonForm):
    """An indicator whose successor is one of the same plan."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Offer the other indicators of the plan."""
        super().__init__(*arguments, **options)
        field: Any = self.fields.get("successor")
        if field is not None and self.instance.pk:
            others = Indicator.objects.filter(plan=self.instance.plan_id)
            field.queryset = others.exclude(pk=self.instance.pk)
