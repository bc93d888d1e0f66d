"""Opinions: written at their meeting, and listed over all meetings to see what wants a reply."""

from typing import Any, cast

from django.contrib import admin
from django.db import models
from django.db.models import Max, QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kpis.admin.answer_page import ANSWER, answer_address, answer_urls
from kpis.admin.history import HistoryAdmin
from kpis.admin.pages import SHORT_TEXTS
from kpis.admin.readonly import ReadOnly
from kpis.admin.seen import SEEN, Lines, SeenForm
from kpis.admin.subjects import KINDS, Choices, SubjectField, offered
from kpis.models import Opinion
from kpis.models.meetings import NEWEST_FIRST
from kpis.opinions import UNANSWERED
from kpis.vocabulary import OpinionState

LINES = SHORT_TEXTS | {models.TextField: {"widget": Lines(attrs={"rows": 3, "cols": 80})}}
(_TAKEN,) = (
    str(one.violation_error_message)
    for one in Opinion._meta.constraints
    if one.name == "opinion_number_unique"
)


class OpinionForm(SeenForm):
    """One opinion at its meeting, about what the meeting's plan has."""

    indicator = SubjectField("indicator")
    measure = SubjectField("measure")
    action = SubjectField("action")
    offers: tuple[Choices, ...] = ()  # what the person may choose from; set for each page
    next_number = 1  # set for each page

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Offer what the person may see, and number a new opinion by itself."""
        super().__init__(*arguments, **options)
        choices = {one.name: one for one in self.offers}
        for name in KINDS:
            if name in choices:
                cast(SubjectField, self.fields[name]).choices = choices[name]
            else:
                del self.fields[name]
        number = self.fields.get("number")
        if number is not None and self.instance.pk is None:
            number.required = False
            number.help_text = f"空欄のときは、次の番号（{self.next_number}から）を付けます。"


class OpinionFormSet(BaseInlineFormSet):
    """A meeting's opinions; new ones without a number go on from the highest."""

    offers: tuple[Choices, ...] = ()

    def clean(self) -> None:
        """Give the next numbers, and say at its field which number another opinion has.

        Django's own check knows the page's rows only, and not those that others added meanwhile.
        """
        stored = dict(self.instance.opinions.values_list("pk", "number"))
        changed = [one for one in self.forms if one.has_changed()]
        typed = [one for one in changed if one.instance.number is not None]
        self._refuse_taken(typed, stored)
        number = max([*stored.values(), *(one.instance.number for one in typed)], default=0)
        for form in changed:
            if form.instance.number is None:
                number += 1
                form.instance.number = number

    @staticmethod
    def _refuse_taken(typed: list[Any], stored: dict[int, int]) -> None:
        """Refuse what another row has now, even one that goes: rows are written one by one."""
        taken: set[int] = set()
        for form in typed:
            row = form.instance
            others = {number for key, number in stored.items() if key != row.pk}
            if row.number in taken | others:
                form.add_error("number", _TAKEN)
            taken.add(row.number)


class OpinionInline(admin.StackedInline):
    """A meeting's opinions with the city's replies."""

    model = Opinion
    form = OpinionForm
    formset = OpinionFormSet
    template = "admin/kpis/meeting/opinions.html"
    extra = 1
    formfield_overrides = LINES

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opinion]:
        """Bring along what each row's name begins with and what it is about."""
        rows: Any = super().get_queryset(request)
        return rows.with_subjects()  # type: ignore[no-any-return]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what the person may see, and what was seen where anything can be changed."""
        about = (name for name, kind in KINDS.items() if request.user.has_perm(kind.right))
        said = (("number", "speaker"), "text", *about)
        fields = (*said, "reply", "state", "state_reason")
        return (*fields, SEEN) if self.has_change_permission(request, obj) else fields

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **options: Any
    ) -> Any:
        """Name the state of an opinion that the city has not answered."""
        if db_field.name == "state":
            options["choices"] = [("", f"（{UNANSWERED}）"), *OpinionState.choices()]
        return super().formfield_for_choice_field(db_field, request, **options)

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """Offer what belongs to the meeting's plan, read once for all rows."""
        formset = super().get_formset(request, obj, **options)
        formset.offers = formset.form.offers = offered(request, obj.plan_id)  # type: ignore[attr-defined]
        highest = obj.opinions.aggregate(highest=Max("number"))["highest"] or 0
        formset.form.next_number = highest + 1  # type: ignore[attr-defined]
        return formset


class StandingFilter(admin.SimpleListFilter):
    """Which opinions: those that still want something, or those in one state."""

    title = "対応状況"
    parameter_name = "standing"
    OPEN = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return what can be chosen."""
        named = "、".join([UNANSWERED, *(one.label for one in OpinionState if one.is_open)])
        return [
            (self.OPEN, f"対応が続いている（{named}）"),
            ("none", UNANSWERED),
            *OpinionState.choices(),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the chosen ones."""
        if self.value() == self.OPEN:
            return queryset.open()
        if self.value() is None:
            return queryset
        return queryset.filter(state="" if self.value() == "none" else self.value())


@admin.register(Opinion)
class OpinionAdmin(ReadOnly, HistoryAdmin):
    """All opinions with what became of them; what was said is changed at the meeting alone."""

    when_empty = "意見はまだありません。会議の画面で入力します。"
    list_display = ("short", "meeting", "subject", "reply", "standing", "answer")
    list_display_links = ("short",)
    list_filter = (StandingFilter, "meeting__plan", "meeting")
    ordering = NEWEST_FIRST
    search_fields = ("text", "reply", "speaker", "meeting__name")
    search_help_text = "意見・回答・発言者・会議名で検索できます。"
    list_per_page = 50
    fields = (
        *("meeting", "number", "speaker", "text", "indicator", "measure", "action"),
        *("reply", "state", "state_reason", "answer"),
    )
    readonly_fields = fields
    told_at_first = ("text", "reply", "state", "state_reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opinion]:
        """Bring along what each row names."""
        rows: Any = super().get_queryset(request)
        return rows.with_subjects()  # type: ignore[no-any-return]

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which one opinion is answered."""
        return answer_urls(self) + super().get_urls()  # type: ignore[no-any-return]

    def get_list_display(self, request: HttpRequest) -> Any:
        """Leave the way to the answer to those who may write it."""
        return self._allowed(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave the way to the answer to those who may write it."""
        return self._allowed(request, self.fields)

    @staticmethod
    def _allowed(request: HttpRequest, names: tuple[str, ...]) -> tuple[str, ...]:
        may = request.user.has_perm(ANSWER)
        return names if may else tuple(one for one in names if one != "answer")

    @admin.display(description="意見", ordering="text")
    def short(self, opinion: Opinion) -> str:
        """Return number and text, cut where it is long."""
        text = opinion.text if len(opinion.text) <= 60 else f"{opinion.text[:60]}…"
        return f"{opinion.number} {text}"

    @admin.display(description="対象")
    def subject(self, opinion: Opinion) -> str:
        """Return what it is about by code; blank for nothing in particular."""
        found = (opinion.indicator, opinion.measure, opinion.action)
        labels = (kind.label for kind in KINDS.values())
        return "、".join(
            f"{label}{one.code}" for label, one in zip(labels, found, strict=True) if one
        )

    @admin.display(description="対応状況", ordering="state")
    def standing(self, opinion: Opinion) -> str:
        """Return the state in words, with its reason where there is one."""
        words = opinion.get_state_display() or UNANSWERED
        return f"{words}（{opinion.state_reason}）" if opinion.state_reason else words

    @admin.display(description="回答")
    def answer(self, opinion: Opinion) -> SafeString:
        """Return a link to the page on which it is answered."""
        return format_html(
            '<a href="{}">回答・対応状況を更新<span class="visually-hidden">（{}）</span></a>',
            answer_address(opinion.pk),
            opinion,
        )
