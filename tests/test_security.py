"""What holds for the program's text, and that README's table of protections names real tests."""

import ast
import re
import stat

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from kadoma_plan.environment import secret_key
from tests.served import ROOT

APPS = ("actions", "kpis", "kadoma_plan")
SOURCES = [one for app in APPS for one in sorted((ROOT / app).rglob("*.py"))]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# What would let somebody's text act: as markup, as SQL, as a program, or as a form of anybody's.
MODULES = {"pickle", "marshal", "shelve", "subprocess", "ctypes", "yaml"}
NAMES = {"eval", "exec", "mark_safe", "csrf_exempt", "RawSQL", "system", "popen"}
CALLS = {"raw", "extra"}  # of a queryset
WORDS = re.compile("|".join((*MODULES, *NAMES, *(f"{one}\\(" for one in CALLS), "execute")))


def risky(text):
    """Yield the risky names that a module uses, and SQL that is more than a constant."""
    if not WORDS.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ({one.name.split(".")[0] for one in node.names} & MODULES)
        elif isinstance(node, ast.ImportFrom):
            yield from ({node.module.split(".")[0]} & MODULES)
            yield from ({one.name for one in node.names} & NAMES)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            method = isinstance(node.func, ast.Attribute)
            if name in NAMES or (method and name in CALLS):
                yield name
            if name in ("execute", "executemany") and not isinstance(node.args[0], ast.Constant):
                yield "SQL"


def test_no_text_of_anybody_is_run_as_sql_as_a_program_or_as_markup():
    found = {
        str(one.relative_to(ROOT)): [*risky(one.read_text())]
        for one in SOURCES
        if "migrations" not in one.parts
    }
    assert len(found) > 200
    # Names of tables and columns, which come from the models, and a query that Django wrote; values
    # never stand in the text.
    known = [f"kpis/backups/{one}.py" for one in ("restoring", "standing", "tables")]
    known.append("kpis/selectors/issued.py")
    assert {name: {*told} for name, told in found.items() if told} == {
        name: {"SQL"} for name in known
    } | {"kadoma_plan/checks.py": {"ctypes"}}  # Windows' drives
    raw = re.compile(r"\|\s*safe\b|safeseq|autoescape\s+off")
    assert [str(one) for one in TEMPLATES if raw.search(one.read_text())] == []


def test_the_search_for_risky_names_finds_them():
    text = "import pickle\nfrom os import system\nc.execute(f'{a}')\nrows.raw(a)\neval(a)"
    assert sorted(risky(text)) == ["SQL", "eval", "pickle", "raw", "system"]


TOKEN = re.compile(r'{% csrf_token %}|name="csrfmiddlewaretoken" value="{{ token }}"')


def test_every_form_that_changes_something_carries_its_token():
    forms = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>.*?</form>", re.S | re.I)
    found = [(one, form) for one in TEMPLATES for form in forms.findall(one.read_text())]
    assert len(found) > 15
    assert [str(one) for one, form in found if not TOKEN.search(whole(form))] == []


def whole(form):
    """Return the form's text with that of the parts that it includes."""
    parts = re.findall(r'{% include "([^"]+)"', form)
    return form + "".join((ROOT / "templates" / one).read_text() for one in parts)


def test_the_data_directory_and_the_key_are_for_the_program_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("KADOMA_SECRET_KEY", raising=False)
    folder = tmp_path / "var"
    key = secret_key(folder / "secret.key")
    assert len(key) >= 50
    assert secret_key(folder / "secret.key") == key
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600


def test_passwords_are_stored_as_owasp_asks_today():
    named = global_settings.PASSWORD_HASHERS[0]  # which ours leaves alone; the tests hash fast
    assert "PASSWORD_HASHERS" not in (ROOT / "kadoma_plan/settings.py").read_text()
    assert named == "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    assert PBKDF2PasswordHasher.iterations >= 600_000


# --- the table ------------------------------------------------------------------------------------

SECTION = re.search(r"^## Security\n(.*?)^## ", (ROOT / "README.md").read_text(), re.S | re.M)[1]


def test_every_test_that_the_table_names_exists():
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", SECTION)
    assert len(named) > 30
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", (ROOT / "tests" / file).read_text(), re.M)
    ]
    assert missing == []


@pytest.mark.parametrize("chapter", [f"V{number}" for number in range(1, 15)])
def test_the_table_has_every_chapter_with_tests_or_reasons(chapter):
    rows = [one for one in SECTION.splitlines() if re.match(rf"\| {chapter}[ .]", one)]
    assert rows, chapter
    for row in rows:
        assert len(row.strip("|").split("|")) == 3, row
