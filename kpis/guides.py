"""The guides (手引き), one for each role; their texts are templates of the same name. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide: ``name`` is its address and its template."""

    name: str
    title: str
    role: str
    about: str


GUIDES = (
    Guide(
        "reading",
        "画面の見方",
        "委員・市民",
        "計画がどこまで進んだかの見方、遅れている指標の調べ方、印刷とデータの保存。",
    ),
    Guide(
        "entry",
        "実績とアクションの入力",
        "入力担当・所管課",
        "上半期と年度の実績を入力し、確認が必要な値に答え、提出するまで。",
    ),
    Guide(
        "publishing",
        "確認と公表、訂正",
        "公表担当",
        "入力を始め、督促し、確かめて公表するまで。公表した後に誤りが見つかったとき。",
    ),
    Guide(
        "meeting",
        "会議の準備",
        "会議の事務局",
        "会議の登録、会議資料（Excel）の作成、意見の記録と回答、委員への公開。",
    ),
    Guide(
        "april",
        "年度替わりの引継ぎ",
        "公表担当・システム管理者",
        "新しい年度の目標・報告期間・アクション、担当者の交代と利用者の登録。",
    ),
    Guide(
        "system",
        "システムの管理",
        "システム管理者",
        "利用者と権限、計画ブック、算定ルールの変更、控え（バックアップ）の取り方。",
    ),
)


def guide_named(name: str) -> Guide | None:
    """Return the guide with this name, or None."""
    return next((one for one in GUIDES if one.name == name), None)
