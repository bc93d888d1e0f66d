"""Papers as they were handed out at a meeting, to look at and to download only."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat

from kpis.admin.uploads import StoredFiles
from kpis.models import MeetingMaterial

DOWNLOAD = "kpis.view_meetingmaterial"


@admin.register(MeetingMaterial)
class MeetingMaterialAdmin(StoredFiles):
    """Which file was handed out when; nobody changes or deletes it here."""

    when_empty = "配付した資料はまだありません。会議の画面の「会議資料」で作って保存します。"
    list_display = ("name", "meeting", "publication", "shown_size", "kept_at", "kept_by", "file")
    list_filter = ("meeting__plan", "meeting")
    list_select_related = ("meeting", "publication__period", "kept_by")
    fields = (
        *("meeting", "publication", "name", "file", "shown_size", "digest"),
        *("kept_at", "kept_by"),
    )
    readonly_fields = fields

    @admin.display(description="大きさ", ordering="size")
    def shown_size(self, material: MeetingMaterial) -> str:
        """Return the size in KB or MB."""
        return filesizeformat(material.size)
