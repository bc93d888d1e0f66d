"""One word for one thing: the page of words, and the variants that nobody may write."""

import ast
import re
from pathlib import Path

import pytest

from kpis import glossary
from kpis.vocabulary import Formula, Kind

ROOT = Path(__file__).resolve().parent.parent

# What is not written, and what is written instead.
FORBIDDEN = {
    "取り組み": "取組み",
    "バージョン": "版",
    "ドラフト": "公表前",
    "下書き": "公表前",
    "サインイン": "ログイン",
    "サインアウト": "ログアウト",
    "ユーザー": "利用者",
    "担当課": "所管課",
    "クリック": "押す",
    "インポート": "取り込む",
    "エクスポート": "ダウンロード",
    "レコード": "記録",
    "オブジェクト": "記録",
    "下さい": "ください",
    "全て": "すべて",
    "又は": "または",
    "及び": "と",
    "前年か": "前年度か",
    "ブラウザで": "ブラウザーで",
    "サーバの": "サーバーの",
}


def strings(path):
    """Yield the texts of a module that may reach a reader: all but docstrings."""
    tree = ast.parse(path.read_text())
    silent = {
        id(one.body[0].value)
        for one in ast.walk(tree)
        if isinstance(one, ast.Module | ast.ClassDef | ast.FunctionDef)
        and one.body
        and isinstance(one.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in silent:
            yield node.value if isinstance(node.value, str) else ""


def texts():
    """Yield each file of the product with what it says."""
    for app in ("kpis", "actions", "kadoma_plan"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, "\n".join(strings(path))
    for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/js").glob("*.js")]:
        yield path, path.read_text()


def test_no_text_says_it_another_way():
    found = [
        f"{path.relative_to(ROOT)}: {one}（{FORBIDDEN[one]}）"
        for path, text in texts()
        for one in FORBIDDEN
        if one in text
    ]
    assert found == []


def test_every_word_has_its_own_place_and_a_sentence():
    entries = [one for subject in glossary.SUBJECTS for one in subject.entries]
    anchors = [one.anchor for one in entries] + [one.anchor for one in glossary.SUBJECTS]
    assert len(set(anchors)) == len(anchors)
    assert len({one.word for one in entries}) == len(entries)
    assert [one.word for one in entries if not one.meaning.endswith("。")] == []


def test_the_words_of_the_lists_are_explained_by_their_labels():
    said = {one.word for subject in glossary.SUBJECTS for one in subject.entries}
    assert {"累計", "時点", "割合", "達成有無"} == {one.label for one in Kind} <= said
    assert {f"算式: {one.label}" for one in Formula} <= said
    assert {
        "参考判定",
        "見込割合",
        "推計",
        "改善・横ばい・悪化",
        "訂正表",
        "—",
        "0",
        "未入力",
    } <= said


@pytest.mark.django_db
def test_the_page_of_words_explains_the_plans_own_bands(client, published):
    page = client.get(f"/{published.slug}/words/").content.decode()
    text = re.sub(r"<[^>]*>", "|", page)
    assert "◎順調||上半期: 100%以上" in text
    assert "○概ね達成||年度: 80%以上 100%未満" in text
    assert '<div id="w-share"><dt>見込割合</dt>' in page


@pytest.mark.django_db
def test_the_pages_lead_to_the_words(client, published):
    link = f'href="/{published.slug}/words/"'
    for address in ("/", f"/{published.slug}/rules/", f"/{published.slug}/kgi/"):
        assert link in client.get(address).content.decode()
