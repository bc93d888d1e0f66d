"""Which record of the staff pages stands behind a page. Presentation."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page by its URL name, and the kind of record behind it.

    ``argument`` is the part of the page's address that names the record; blank for a list of all
    that the plan has.
    """

    page: str
    label: str
    model: str  # as permissions name it: kpis.indicator
    argument: str = ""
    is_list: bool = False

    @property
    def right(self) -> str:
        """Return the permission without which nobody sees the record."""
        return self.model.replace(".", ".view_")

    @property
    def words(self) -> str:
        """Return what the link to the record says."""
        return f"{'' if self.is_list else 'この'}{self.label}を管理画面で開く"

    def address(self, slug: str, key: object = "") -> str:
        """Return the address that leads to the record of the plan."""
        parts = (self.page, slug) if self.argument == "" else (self.page, slug, key)
        return reverse("records:open", args=parts)


PAGES = {
    one.page: one
    for one in (
        RecordPage("home", "計画", "actions.plan"),
        RecordPage("overview", "計画", "actions.plan"),
        RecordPage("strategy", "基本戦略", "actions.strategy", "number"),
        RecordPage("measure", "施策", "actions.measure", "code"),
        RecordPage("indicator", "指標", "kpis.indicator", "code"),
        RecordPage("action", "アクション", "actions.action", "code"),
        RecordPage("meeting", "会議", "kpis.meeting", "key"),
        RecordPage("brief", "会議", "kpis.meeting", "key"),
        RecordPage("kgi", "KGI", "kpis.kgi", is_list=True),
        RecordPage("actions", "アクションの一覧", "actions.action", is_list=True),
        RecordPage("publicity", "普及・周知の記録", "actions.publicityrecord", is_list=True),
        RecordPage("meetings", "会議の一覧", "kpis.meeting", is_list=True),
        RecordPage("rules", "判定基準", "kpis.judgementband", is_list=True),
    )
}
