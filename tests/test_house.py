"""The layers of the house, read from every module's imports."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("actions", "kpis")

# Upper rooms may import lower ones, never the reverse. A room is the first name below its app.
FLOORS = {
    "pure": 0,
    "facts": 1,
    "reading": 2,
    "writing": 3,
    "presentation": 2,
    "edge": 4,
}
ROOMS = {
    "actionfilter": "pure",
    "actionwords": "pure",
    "behind": "pure",
    "choices": "pure",
    "headline": "pure",
    "indicatorfilter": "pure",
    "fiscal": "pure",
    "days": "pure",
    "followups": "pure",
    "papers": "pure",
    "planbook": "pure",
    "vocabulary": "pure",
    "memory": "pure",
    "merging": "pure",
    "milestones": "pure",
    "pdca": "pure",
    "remarks": "pure",
    "numerals": "pure",
    "attainment": "pure",
    "judgement": "pure",
    "assembly": "pure",
    "glossary": "pure",
    "growth": "pure",
    "kgirevision": "pure",
    "kgiwords": "pure",
    "progress": "pure",
    "projection": "pure",
    "sentences": "pure",
    "yearly": "pure",
    "publicity": "pure",
    "payload": "pure",
    "rulebook": "pure",
    "summary": "pure",
    "tree": "pure",
    "trial": "pure",
    "differences": "pure",
    "entry": "pure",
    "lives": "pure",
    "opinions": "pure",
    "briefing": "pure",
    "plausibility": "pure",
    "readiness": "pure",
    "changes": "pure",
    "discussion": "pure",
    "rounds": "pure",
    "newyear": "pure",
    "targets": "pure",
    "targetcells": "pure",
    "turns": "pure",
    "zips": "pure",
    "constraints": "facts",
    "fields": "facts",
    "models": "facts",
    "selectors": "reading",
    "services": "writing",
    "backups": "writing",
    "guides": "pure",
    "links": "presentation",
    "opinioncards": "presentation",
    "gauges": "presentation",
    "records": "presentation",
    "pictures": "presentation",
    "figures": "presentation",
    "tables": "presentation",
    "opendata": "presentation",
    "workbooks": "presentation",
    "templatetags": "presentation",
    "admin": "edge",
    "forms": "edge",
    "gridrows": "edge",
    "imports": "edge",
    "apps": "edge",
    "management": "edge",
    "urls": "edge",
    "account_urls": "edge",
    "guide_urls": "edge",
    "preview_urls": "edge",
    "record_urls": "edge",
    "views": "edge",
}


def modules():
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if ".migrations" not in name:
                yield name, path


def imports(path):
    """Yield every module that the file imports, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(name):
    """Return the floor's name for a module of ours, or None for anything else."""
    parts = name.split(".")
    if parts[0] not in APPS or len(parts) == 1:
        return None
    return ROOMS.get(parts[1])


MODULES = dict(modules())
ROOMED = [name for name in MODULES if "." in name]


@pytest.mark.parametrize("name", ROOMED)
def test_every_module_has_a_room(name):
    assert floor(name) is not None, f"{name} stands in no room of the house"


@pytest.mark.parametrize("name", ROOMED)
def test_a_module_imports_nothing_from_a_floor_above(name):
    mine = FLOORS[floor(name)]
    above = [one for one in imports(MODULES[name]) if floor(one) and FLOORS[floor(one)] > mine]
    assert above == []


@pytest.mark.parametrize("name", [name for name in ROOMED if floor(name) == "pure"])
def test_a_pure_module_imports_the_standard_library_and_pure_modules_only(name):
    for one in imports(MODULES[name]):
        top = one.split(".")[0]
        assert top in sys.stdlib_module_names or one in APPS or floor(one) == "pure", one


@pytest.mark.parametrize("name", [name for name in MODULES if name.split(".")[0] == "actions"])
def test_actions_imports_no_other_app(name):
    tops = {one.split(".")[0] for one in imports(MODULES[name])}
    assert not tops & {"kpis", "kadoma_plan"}


@pytest.mark.parametrize("name", [name for name in MODULES if name.split(".")[0] == "kpis"])
def test_kpis_does_not_know_the_project(name):
    assert "kadoma_plan" not in {one.split(".")[0] for one in imports(MODULES[name])}


@pytest.mark.parametrize("name", [name for name in ROOMED if floor(name) == "presentation"])
def test_presentation_knows_no_models_no_queries_and_no_request(name):
    forbidden = ("django.db", "django.http", "django.shortcuts", "django.views")
    for one in imports(MODULES[name]):
        assert not one.startswith(forbidden), one
        assert floor(one) not in ("facts", "reading", "writing"), one


@pytest.mark.parametrize("name", [name for name in ROOMED if ".views" in name])
def test_pages_query_through_selectors_only(name):
    for one in imports(MODULES[name]):
        assert floor(one) != "facts", one
        assert ".objects" not in MODULES[name].read_text()


def test_the_rule_would_catch_an_import_from_above(tmp_path):
    # The control: a module that breaks the rule is seen to break it.
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from kpis.views import pages\n")
    assert [floor(one) for one in imports(bad)] == ["edge", "edge"]


def test_no_module_is_longer_than_the_house_allows():
    long = {name: len(path.read_text().splitlines()) for name, path in MODULES.items()}
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


def test_templates_hold_nothing_inline():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert "<script>" not in text, path
        assert " onclick=" not in text, path
        assert " onchange=" not in text, path
