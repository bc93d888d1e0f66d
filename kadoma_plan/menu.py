"""The list of records on the staff pages: in the order of the work, each with what it is for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Chapter:
    """Records of one part of the work: a key for the page, its title, and label to purpose."""

    key: str
    title: str
    purposes: dict[str, str]


CHAPTERS = (
    Chapter(
        "round",
        "半期の入力と公表",
        {
            "kpis.reportingperiod": "入力・確認・公表の単位。入力画面もここから",
            "kpis.actual": "1件ずつの実績と、その変更履歴",
            "kpis.publication": "公表した版と会議資料（Excel）",
            "kpis.sectioncontact": "督促を送るメールアドレス",
            "kpis.reminder": "いつ、だれに送ったか",
        },
    ),
    Chapter(
        "figures",
        "指標と目標",
        {
            "kpis.indicator": "名称・所管課・算定ルール・目標",
            "kpis.target": "年度ごとの目標値と改定",
            "kpis.kgi": "計画全体の目標",
            "kpis.kgivalue": "年ごとの統計の値",
            "kpis.judgementband": "参考判定の区分（◎○△×）",
            "kpis.bandchange": "判定基準をいつ、なぜ変えたか",
        },
    ),
    Chapter(
        "plan",
        "計画と取組み",
        {
            "actions.plan": "計画の期間・計画ブック・年度更新",
            "actions.strategy": "基本戦略と、その施策の一覧",
            "actions.measure": "施策の名称・計画頁・内容の文章",
            "actions.action": "施策ごとの取組み",
            "actions.actionyear": "取組みの年度ごとの計画・実施・評価・見直し",
        },
    ),
    Chapter(
        "meetings",
        "会議",
        {
            "kpis.meeting": "開催日・公開範囲・意見の入力",
            "kpis.opinion": "すべての会議の意見と、回答の状況",
            "kpis.meetingmaterial": "配付したときのままのファイル",
        },
    ),
    Chapter("publicity", "普及・周知", {"actions.publicityrecord": "計画を知らせた記録"}),
    Chapter(
        "files",
        "取り込んだファイル",
        {
            "kpis.upload": "実績の入力用Excel",
            "kpis.actionupload": "アクションの記入用Excel",
            "kpis.planbookupload": "計画全体のExcel",
        },
    ),
    Chapter(
        "people",
        "利用者と権限",
        {"auth.user": "職員と委員の利用者名", "auth.group": "入力担当・公表担当などの権限"},
    ),
)
_PLACES = {
    label: place for place, label in enumerate(label for one in CHAPTERS for label in one.purposes)
}
_PURPOSES = {label: said for one in CHAPTERS for label, said in one.purposes.items()}


def label_of(entry: Any) -> str:
    """Return what an entry of Django's list is of: kpis.actual."""
    return str(entry["model"]._meta.label_lower)


def in_order(entries: Iterable[Any]) -> list[Any]:
    """Return the entries in the order of the work, each with its purpose; unknown ones come last."""
    found = [{**one, "purpose": _PURPOSES.get(label_of(one), "")} for one in entries]
    return sorted(found, key=lambda one: _PLACES.get(label_of(one), len(_PLACES)))


def chapters(apps: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Yield Django's list of apps as chapters of the work, without those that are empty."""
    entries = in_order(entry for app in apps for entry in app["models"])
    for chapter in CHAPTERS:
        own = [one for one in entries if label_of(one) in chapter.purposes]
        if own:
            yield {"app_label": chapter.key, "name": chapter.title, "app_url": "", "models": own}
    rest = [one for one in entries if label_of(one) not in _PLACES]
    if rest:
        yield {"app_label": "others", "name": "そのほか", "app_url": "", "models": rest}
