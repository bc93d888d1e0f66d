"""The samples (例示) that quickstart adds and removes, and what it says of them."""

import json
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError
from django.urls import reverse

from actions.fiscal import Period
from actions.models import Plan
from kpis.models import ReportingPeriod
from kpis.services import Samples, SamplesError, add_samples, remove_samples

Say = Callable[[str], object]

FILE = "kadoma-samples.json"
_REGISTERED = "例示は登録済みです。"
_NONE = "例示は登録されていません。"
_HOW_TO_REMOVE = "例示は quickstart --remove-samples で削除できます。"


def with_samples(plan: Plan, reviewed: Period, by: User, say: Say) -> Samples:
    """Add the samples where the plan has neither them nor anything of its own; return how many."""
    samples = json.loads(Path(settings.BASE_DIR, "fixtures", FILE).read_text(encoding="utf-8"))
    try:
        added = add_samples(plan=plan, samples=samples, reviewed=reviewed, by=by)
    except SamplesError as error:
        say(str(error))
        return Samples()
    if added:
        say(f"例示の{added.words}を登録しました。すべて「例示」と表示されます。")
        if added.is_published_already:
            say(_how_to_see(plan))
        say(_HOW_TO_REMOVE)
    else:
        say(_REGISTERED)
    return added


def _how_to_see(plan: Plan) -> str:
    newest = ReportingPeriod.objects.filter(plan=plan).order_by("-fiscal_year", "term")[0]
    address = reverse("preview:actions", args=[newest.pk])
    return (
        f"公開ページはまだ変わりません。管理画面にログインして {address} を開くとプレビューで見られ、"
        "次に公表したときに公開ページに出ます。会議は「準備中（職員のみ）」です。"
        "公開範囲は管理画面の「会議」で切り替えます。"
    )


def without_samples(plan: Plan, by: User, say: Say) -> None:
    """Delete the samples. Raises CommandError where that cannot be."""
    try:
        removed = remove_samples(plan=plan, by=by)
    except SamplesError as error:
        raise CommandError(str(error)) from None
    if removed:
        say(
            f"例示の{removed.words}を削除しました。公表済みの内容に含まれる例示は、"
            "次に公表（訂正）したときに公開ページから消えます。"
        )
    else:
        say(_NONE)
