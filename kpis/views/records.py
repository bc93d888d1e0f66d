"""From a public page to its record: the page knows codes, the staff pages know keys."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kpis.records import PAGES, RecordPage
from kpis.selectors.records import record_key


@require_safe
@never_cache
def open_record(request: HttpRequest, page: str, slug: str, key: str = "") -> HttpResponse:
    """Lead to the record behind a page.

    Raises PermissionDenied for those who may not see it, Http404 where it is gone.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    asked = PAGES.get(page)
    if asked is None or bool(asked.argument) != bool(key):
        raise Http404("このページに対応する記録はありません。")
    if not (request.user.is_staff and request.user.has_perm(asked.right)):
        raise PermissionDenied
    return HttpResponseRedirect(_address(asked, slug, key))


def _address(asked: RecordPage, slug: str, key: str) -> str:
    name = asked.model.replace(".", "_")
    found = record_key("actions.plan" if asked.is_list else asked.model, slug, key)
    if found is None:
        what = "計画" if asked.is_list else asked.label
        raise Http404(f"この{what}は、管理画面にはもうありません。削除されたか、改められています。")
    if asked.is_list:
        return f"{reverse(f'admin:{name}_changelist')}?plan__id__exact={found}"
    return reverse(f"admin:{name}_change", args=[found])
