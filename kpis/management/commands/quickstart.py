"""From an empty data directory to a working site with the city's published figures."""

import os
import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.management.lookup import whole_number
from kpis.management.samples import with_samples, without_samples
from kpis.management.serving import Place, serve
from kpis.management.starting import check_machine
from kpis.management.staticfiles import collect_if_changed
from kpis.models import Publication
from kpis.services import (
    ensure_roles,
    publish_outright,
    record_first_entries,
    tie_sample_meeting,
)

SLUG = "kadoma-monozukuri"
WITH, WITHOUT = "with", "without"
PUBLISHED = (Period(2024, Term.FY), Period(2025, Term.H1))
ADMINISTRATOR = "admin"
ADDRESS = "127.0.0.1"
SOURCE = "令和7年12月2日の公表資料による"


class Command(BaseCommand):
    """quickstart [--no-serve] [--port N] [--with-samples | --remove-samples].

    Safe to run again; what exists is left as it is.
    """

    help = "データベースを用意し、門真市の計画と公表済みの実績を登録して、サイトを開始します。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--no-serve", action="store_true", help="準備だけを行う")
        parser.add_argument("--port", default="8000", help="待ち受けるポート番号")
        samples = parser.add_mutually_exclusive_group()
        samples.add_argument(
            "--with-samples",
            action="store_const",
            dest="samples",
            const=WITH,
            default="",
            help="アクション、会議、意見の例示を登録する（「例示」と表示される）",
        )
        samples.add_argument(
            "--remove-samples",
            action="store_const",
            dest="samples",
            const=WITHOUT,
            help="例示を削除する",
        )

    def handle(self, *arguments: Any, **options: Any) -> None:
        """Prepare what is missing, then serve."""
        place = Place(ADDRESS, whole_number(options["port"], "--port"))
        if not options["no_serve"]:
            place.check()
        self._prepare(options["samples"])
        if not options["no_serve"]:
            serve(place, say=self.stdout.write)

    def _prepare(self, samples: str) -> None:
        check_machine(self.stderr.write)
        call_command("migrate", verbosity=0)
        with transaction.atomic():
            ensure_roles()
            administrator = self._administrator()
            self._plan(administrator, samples)
        collect_if_changed()

    def _administrator(self) -> User:
        users = get_user_model()._default_manager
        existing = users.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if existing is not None:
            return existing
        given = os.environ.get("KADOMA_ADMIN_PASSWORD", "")
        password = given or secrets.token_urlsafe(12)
        user = get_user_model().objects.create_superuser(ADMINISTRATOR, password=password)
        self.stdout.write(f"管理者を作成しました。利用者名: {ADMINISTRATOR}")
        if not given:
            self.stdout.write(f"初期パスワード（この画面に一度だけ表示します）: {password}")
        return user

    def _plan(self, administrator: User, samples: str) -> None:
        if Plan.objects.exists():
            self.stdout.write("計画は登録済みです。")
        else:
            call_command("loaddata", SLUG, verbosity=0)
            loaded = Plan.objects.get(slug=SLUG)
            record_first_entries(plan=loaded, by=administrator, reason=SOURCE)
            self.stdout.write(f"{loaded.name}を登録しました。")
        plan = Plan.objects.filter(slug=SLUG).first()
        if plan is not None:  # none where an office has its own plans only
            self._publications(plan, administrator, samples)
        elif samples:
            self.stdout.write(f"例示は計画「{SLUG}」のものです。その計画がないため、何もしません。")

    def _publications(self, plan: Plan, administrator: User, samples: str) -> None:
        *earlier, newest = PUBLISHED
        for period in earlier:
            self._publish(plan, period, administrator)
        added = None
        if samples == WITH:  # before what readers see first is published, which then tells of them
            added = with_samples(plan, newest, administrator, self.stdout.write)
        elif samples == WITHOUT:
            without_samples(plan, administrator, self.stdout.write)
        self._publish(plan, newest, administrator)
        if added:
            tie_sample_meeting(plan=plan, reviewed=newest, by=administrator)

    def _publish(self, plan: Plan, period: Period, administrator: User) -> None:
        published = Publication.objects.filter(
            period__plan=plan, period__fiscal_year=period.fiscal_year, period__term=period.term
        )
        if published.exists():
            return
        publish_outright(plan=plan, period=period, by=administrator, reason=SOURCE)
        self.stdout.write(f"{period.label}を公表しました。")
