"""The page that explains the words of the site."""

from django.http import HttpRequest, HttpResponse

from kpis.glossary import glossary
from kpis.views.answers import answer
from kpis.views.publication import Page


def words(request: HttpRequest, page: Page) -> HttpResponse:
    """Explain every term, by subject, and what the shown publication itself defines."""
    context = page.context("用語の説明", subjects=glossary(page.progress))
    return answer(request, page, "kpis/words.html", context)
