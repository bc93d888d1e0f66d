"""Taking in a plan book at the command line."""

import pytest
from django.core.management import CommandError, call_command

from actions.models import Plan
from kpis.models import Indicator, Target
from tests.planbook_taking import FULL, R7_H1, TARGET, citys, everything
from tests.planbooks import sheets, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def command(tmp_path, capsys):
    """Return a function that runs import_plan on a book and returns what it prints."""

    def run(tables, *options):
        file = tmp_path / "book.xlsx"
        file.write_bytes(xlsx(tables))
        call_command("import_plan", str(file), *options)
        return capsys.readouterr().out

    return run


def test_the_command_tells_what_was_added_and_changed(command, administrator):
    out = command(FULL, "--reason", "初回")
    assert out.startswith("星野市観光計画（hoshi）を新しく登録しました。\n")
    assert "実績: 追加3、変更0、削除0\n" in out
    assert "新しい報告期間: 令和6年度上半期、令和6年度\n" in out
    assert Target.history.first().history_user == administrator
    assert Target.history.first().history_change_reason == "初回"
    out = command(FULL | {"目標": [TARGET | {"目標値": 12}]}, "--dry-run")
    assert "  目標 1-1 令和6年度 目標値: 10 → 12\n" in out
    assert "登録していません" in out
    assert Target.objects.filter(value=12).count() == 0
    assert command(FULL) == "変更はありません。\n"
    out = command(FULL | {"目標": [TARGET]}, "--delete-missing")
    assert "目標: 追加0、変更0、削除1\n  目標 1-2 令和6年度 （削除）\n" in out


def test_the_command_lists_every_fault_and_writes_nothing(command, published, administrator):
    before = everything()
    tables = citys(
        目標=[TARGET | {"年度": "いつか"}],
        実績=[R7_H1 | {"実績値": 705}, R7_H1 | {"指標コード": "9-9", "年度": "R8"}],
    )
    with pytest.raises(CommandError) as error:
        command(tables)
    assert error.value.returncode == 1
    lines = str(error.value).split("\n")
    assert lines[0] == "取り込めません。直すところが3件あります。"
    assert lines[1].startswith("目標 B2: 年度: 「いつか」は年度として")
    assert lines[2].startswith("実績 D2: この報告期間は公表済みです。")
    assert lines[3] == "実績 A3: 指標コード「9-9」は「指標」にありません。"
    assert everything() == before


@pytest.mark.parametrize(
    ("people", "options", "words"),
    [
        ((), (), "システム管理者がいません。--by"),
        (("a", "b"), (), "システム管理者が2人以上います。--by"),
        (("a",), ("--by", "c"), "利用者「c」がいません"),
    ],
)
def test_the_command_asks_who_where_it_is_not_clear(
    command, django_user_model, people, options, words
):
    for name in people:
        django_user_model.objects.create_superuser(name)
    with pytest.raises(CommandError, match=words):
        command(sheets(), *options)
    assert Plan.objects.count() == 0


def test_the_command_takes_the_person_that_is_named(command, django_user_model):
    for name in ("a", "b"):
        django_user_model.objects.create_superuser(name)
    command(sheets(), "--by", "b")
    assert Indicator.history.get().history_user.username == "b"


def test_the_command_refuses_what_is_no_workbook(tmp_path, administrator):
    with pytest.raises(CommandError, match="を読めません"):
        call_command("import_plan", str(tmp_path / "none.xlsx"))
    (tmp_path / "a.xlsx").write_text("スラッグ,計画名")
    with pytest.raises(CommandError, match="CSVなど"):
        call_command("import_plan", str(tmp_path / "a.xlsx"))
