"""Meetings of the council (会議), their material, and the opinions (意見) with the city's replies."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from actions.constraints import Check, Unique
from actions.fields import history
from actions.models import Action, Measure, Plan
from kpis.models.indicators import Indicator
from kpis.models.publications import Publication
from kpis.vocabulary import Audience, OpinionState

LATEST_FIRST = (F("day").desc(nulls_first=True), "-pk")  # within one plan


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Meetings in the order in which they are held."""

    def before(self, meeting: "Meeting") -> "MeetingQuerySet":
        """Return the plan's meetings before this one; those without a day come after all others."""
        recorded_before = Q(day=meeting.day, pk__lt=meeting.pk)
        if meeting.day is None:
            held_before = Q(day__isnull=False)
            recorded_before = Q(day=None, pk__lt=meeting.pk)
        else:
            held_before = Q(day__lt=meeting.day)
        return self.filter(held_before | recorded_before, plan=meeting.plan_id)


class Meeting(models.Model):
    """A meeting of the plan's council, and what it is to review."""

    plan = models.ForeignKey(
        Plan, verbose_name="計画", on_delete=models.CASCADE, related_name="meetings"
    )
    name = models.CharField("会議名", max_length=200, help_text="例: 令和7年度第2回推進会議")
    day = models.DateField("開催日", null=True, blank=True, help_text="未定の場合は空欄。")
    place = models.CharField(
        "場所",
        max_length=200,
        blank=True,
        help_text="例: 市役所本館 第1会議室。表紙と会議のページに出ます。",
    )
    document_number = models.CharField(
        "資料番号", max_length=40, blank=True, help_text="進捗資料の番号（例: 資料1）。"
    )
    agenda = models.TextField(
        "次第", blank=True, help_text="1行に1つ書きます。表紙と会議のページに出ます。"
    )
    members = models.TextField(
        "委員", blank=True, help_text="1行に1人（例: 会長　山田太郎（〇〇大学））。"
    )
    audience = models.CharField(
        "公開範囲",
        max_length=10,
        choices=Audience.choices(),
        default=Audience.STAFF.value,
        help_text="会議のページ、資料、意見と回答を見られる人。準備ができたら切り替えます。",
    )
    publication = models.ForeignKey(
        Publication,
        verbose_name="検討する公表",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        help_text="会議資料はこの公表から作ります。空欄の場合は最新の公表です。",
    )
    is_example = models.BooleanField(
        "例示",
        default=False,
        help_text="見本として作ったもの。会議のページと資料に「例示」と出ます。",
    )
    objects = MeetingQuerySet.as_manager()
    history = history("会議")

    class Meta:
        verbose_name = verbose_name_plural = "会議"
        permissions = [("attend_meeting", "委員のみの会議を見る")]
        ordering = ["plan", *LATEST_FIRST]
        constraints = [
            Unique(
                fields=["plan", "name"],
                name="meeting_name_unique",
                field="name",
                violation_error_message="この計画には同じ名前の会議が既にあります。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError for a publication of another plan."""
        if self.plan_id and self.publication and self.publication.period.plan_id != self.plan_id:
            raise ValidationError({"publication": "この計画の公表を選んでください。"})


class MeetingMaterial(models.Model):
    """A meeting's paper as it was handed out: the file itself, which nothing changes afterwards."""

    meeting = models.ForeignKey(
        Meeting, verbose_name="会議", on_delete=models.PROTECT, related_name="materials"
    )
    publication = models.ForeignKey(
        Publication, verbose_name="公表", on_delete=models.PROTECT, related_name="materials"
    )
    name = models.CharField("ファイル名", max_length=200)
    content = models.BinaryField("内容")
    size = models.PositiveIntegerField("大きさ（バイト）")
    sha256 = models.CharField("SHA-256", max_length=64)
    kept_at = models.DateTimeField("保存日時")
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="保存した人",
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = "配付した会議資料"
        ordering = ["meeting", "-kept_at", "-pk"]
        constraints = [
            Unique(
                fields=["meeting", "sha256"],
                name="material_kept_once",
                field="sha256",
                violation_error_message="この会議には同じ内容の資料が既にあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.name}"


# The newest meeting's opinions first, in their order; those of no fixed day last.
NEWEST_FIRST = (F("meeting__day").desc(nulls_last=True), "-meeting__pk", "number")


class OpinionQuerySet(models.QuerySet["Opinion"]):
    """Opinions as a council asks for them."""

    def open(self) -> "OpinionQuerySet":
        """Return those about which the next meeting asks again: unanswered, 対応中, 今後検討."""
        return self.filter(state__in=["", *(one.value for one in OpinionState if one.is_open)])

    def with_subjects(self) -> "OpinionQuerySet":
        """Bring along the meeting and what each is about, which their names begin with."""
        return self.select_related("meeting", "indicator", "measure__strategy", "action")

    def newest_first(self) -> "OpinionQuerySet":
        """Return the newest meeting's first, in their order; those of no fixed day last."""
        return self.order_by(*NEWEST_FIRST)


class Opinion(models.Model):
    """A member's opinion, what it is about, and the city's reply with its state."""

    meeting = models.ForeignKey(
        Meeting, verbose_name="会議", on_delete=models.CASCADE, related_name="opinions"
    )
    number = models.PositiveSmallIntegerField("番号")
    speaker = models.CharField("発言者", max_length=100, blank=True)
    text = models.TextField("意見")
    indicator = models.ForeignKey(
        Indicator,
        verbose_name="指標",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
    )
    measure = models.ForeignKey(
        Measure,
        verbose_name="具体的施策",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
    )
    action = models.ForeignKey(
        Action,
        verbose_name="アクション",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="opinions",
    )
    reply = models.TextField("市の回答", blank=True)
    state = models.CharField("対応状況", max_length=12, choices=OpinionState.choices(), blank=True)
    state_reason = models.TextField(
        "対応状況の説明", blank=True, help_text="対応困難のときは理由を入力します。"
    )
    objects = OpinionQuerySet.as_manager()
    history = history("意見")

    class Meta:
        verbose_name = verbose_name_plural = "意見と対応"
        ordering = ["meeting", "number"]
        constraints = [
            Unique(
                fields=["meeting", "number"],
                name="opinion_number_unique",
                field="number",
                violation_error_message="この会議には同じ番号の意見が既にあります。",
            ),
            Check(
                condition=~Q(state=OpinionState.DIFFICULT.value) | ~Q(state_reason=""),
                name="opinion_difficult_has_reason",
                field="state_reason",
                violation_error_message="対応困難のときは、その理由を入力してください。",
            ),
            Check(
                condition=Q(state="") | ~Q(reply=""),
                name="opinion_state_has_reply",
                field="reply",
                violation_error_message="対応状況を選んだときは、市の回答も入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} 意見{self.number}"

    def clean(self) -> None:
        """Raise ValidationError for anything of another plan."""
        if not self.meeting_id:
            return
        plan = self.meeting.plan_id
        wrong = {
            "indicator": self.indicator and self.indicator.plan_id != plan,
            "measure": self.measure and self.measure.strategy.plan_id != plan,
            "action": self.action and self.action.plan_id != plan,
        }
        told = {
            name: "この計画のものを選んでください。" for name, is_wrong in wrong.items() if is_wrong
        }
        if told:
            raise ValidationError(told)
