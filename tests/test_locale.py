"""Our own Japanese for what the packages leave in English."""

from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext

CATALOGUE = Path(__file__).resolve().parent.parent / "kadoma_plan/locale/ja/LC_MESSAGES/django"


def test_the_compiled_catalogue_is_current():
    source = {one.msgid: one.msgstr for one in polib.pofile(f"{CATALOGUE}.po")}
    compiled = {one.msgid: one.msgstr for one in polib.mofile(f"{CATALOGUE}.mo")}
    assert compiled == source


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("View history: %s", "変更履歴: %s"),
        ("Created", "登録"),
        ("Changed", "変更"),
        ("This object doesn't have a change history.", "変更履歴はありません。"),
    ],
)
def test_a_package_speaks_japanese(english, japanese):
    assert gettext(english) == japanese
