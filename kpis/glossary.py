"""What the site's words mean, in plain Japanese, by subject. Pure.

Labels come from the vocabulary, so that a page, its help and this list cannot call a thing by two
names. What is a plan's own, its bands and its indicators' definitions, is taken from the plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from actions.fiscal import Term
from actions.vocabulary import Evaluation, Revision, Stage
from kpis.actionwords import PRIORITY
from kpis.changes import Move
from kpis.numerals import DASH
from kpis.progress import PlanProgress
from kpis.rulebook import ranges
from kpis.vocabulary import (
    ActualReason,
    Audience,
    Direction,
    Formula,
    JudgementOutcome,
    Kind,
    OpinionState,
    TargetStatus,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A word with its meaning; ``key`` is the anchor that other pages link to."""

    key: str
    word: str
    meaning: str

    @property
    def anchor(self) -> str:
        """Return the entry's id on the page."""
        return f"w-{self.key}"


@dataclass(frozen=True, slots=True)
class Subject:
    """Words that belong together."""

    key: str
    title: str
    entries: tuple[Entry, ...]

    @property
    def anchor(self) -> str:
        """Return the subject's id on the page."""
        return f"s-{self.key}"


def _listed(words: type[Stage] | type[Evaluation] | type[Revision] | type[OpinionState]) -> str:
    return "、".join(one.label for one in words)


_MEANING_OF_FORMULA = {
    Formula.RATIO: "目標のうち、どれだけできたかを表します。最もふつうの計算です。",
    Formula.INVERSE_RATIO: "少ないほど良いものに使います。実績が目標より少なければ100%を超えます。",
    Formula.FROM_BASELINE: "計画を始めたときの値（基準値）から目標までの道のりを、どれだけ進んだかを表します。",
    Formula.FROM_PREVIOUS: "前の年度の実績から目標までの道のりを、この年度にどれだけ進んだかを表します。",
    Formula.NONE: "平均値など、割り算をしても意味のある率にならないものに使います。",
}
_MEANING_OF_DIRECTION = {
    Direction.UP: "多いほど良い指標です。",
    Direction.DOWN: "少ないほど良い指標です。",
    Direction.MAINTAIN: "目標の水準を下回らないように保つ指標です。",
    Direction.LIMIT: "目標の値を超えないようにする指標です。",
}

_PLAN = Subject(
    "plan",
    "計画のしくみ",
    (
        Entry(
            "strategy", "基本戦略", "計画の大きな柱です。番号と名前があり、その下に施策があります。"
        ),
        Entry(
            "measure",
            "施策（具体的施策）",
            "基本戦略を進めるための、分野ごとの取組みのまとまりです。",
        ),
        Entry("action", "アクション", "施策のために、だれが何をするかを1つずつ書いたものです。"),
        Entry(
            "priority",
            "重点アクション",
            f"アクションのうち、計画が特に力を入れると決めたものです。「{PRIORITY}」の印が付きます。",
        ),
        Entry(
            "pdca",
            "PDCA",
            "計画を立て（PLAN）、行い（DO）、確かめ（CHECK）、見直す（ACTION）ことを毎年度くり返す進め方です。",
        ),
        Entry(
            "stage",
            "段階",
            f"その年度にアクションをどこまで進めるかの予定です。{_listed(Stage)}があります。",
        ),
        Entry(
            "evaluation",
            "評価",
            f"アクションのその年度の進み方を、計画と比べたものです。{_listed(Evaluation)}があります。",
        ),
        Entry(
            "revision",
            "見直し",
            f"次の年度にアクションをどうするかです。{_listed(Revision)}があります。",
        ),
        Entry(
            "publicity",
            "普及・周知",
            "計画を知っていただくために行ったことの記録です。冊子の配布、説明会などです。",
        ),
        Entry(
            "example",
            "例示",
            "画面の様子を見るための見本です。実際の取組みや意見ではなく、件数にも入りません。",
        ),
    ),
)
_FIGURES = Subject(
    "figures",
    "指標と数値",
    (
        Entry(
            "kpi",
            "指標（KPI）",
            "計画がどこまで進んだかを測る物差しです。「セミナーの参加者数」のように、数えられるものを選びます。",
        ),
        Entry(
            "kgi",
            "KGI",
            "計画の最後に目指す姿を測る数値です。指標（KPI）を進めた結果として良くなることを期待します。",
        ),
        Entry("target", "目標", "その年度の終わりまでに届かせる値です。年度ごとに決めています。"),
        Entry(
            "linked",
            TargetStatus.LINKED.label,
            "ほかの計画が今後定める目標に合わせることです。定まるまで、その年度の達成率は出ません。",
        ),
        Entry(
            "revised-target",
            "改定",
            "決めてあった目標を、理由と日付を残して改めることです。改定前の目標も並べて示します。",
        ),
        Entry("actual", "実績", "実際にどうなったかを、決まった日に数えた値です。"),
        Entry("provisional", "速報", "確定していない実績です。後で改めることがあります。"),
        Entry(
            "forecast",
            "年度末見込",
            "年度の途中で見込んだ、年度末の実績です。実績ではなく、達成率にも参考判定にも使いません。",
        ),
        Entry(
            "baseline",
            "基準値",
            "計画を始める前の年度の実績です。どれだけ良くなったかを、この値と比べます。",
        ),
        Entry(
            "half-year",
            Term.H1.label,
            "4月から9月までです。9月30日までの実績を、年度の目標と比べます。",
        ),
        Entry(
            "year",
            Term.FY.label,
            "4月から翌年の3月までです。3月31日までの実績を、年度の目標と比べます。",
        ),
        Entry("as-of", "基準日", "実績を数えた日です。上半期は9月30日、年度は3月31日です。"),
        Entry(
            "cumulative",
            Kind.CUMULATIVE.label,
            "4月からその日までに増えた分を足した数です。参加者数や相談件数などです。",
        ),
        Entry(
            "level", Kind.LEVEL.label, "その日の時点でいくつあるかです。会員数や登録数などです。"
        ),
        Entry("ratio", Kind.RATIO.label, "全体のうちの何%か、1社あたりいくつか、といった値です。"),
        Entry(
            "milestone",
            Kind.MILESTONE.label,
            "「設置する」「策定する」のように、したか、していないかだけを確かめる指標です。達成・未達成で表します。",
        ),
        *(
            Entry(f"direction-{one.value}", f"方向: {one.label}", _MEANING_OF_DIRECTION[one])
            for one in Direction
        ),
        Entry("growth", "伸び率", "ある年の値が、もとの年の値から何%増えたか（減ったか）です。"),
        Entry("point", "ポイント", "2つの%の差です。5.2%と1.9%の差は3.3ポイントです。"),
    ),
)
_NOTHING = Subject(
    "nothing",
    "数値がないとき",
    (
        Entry("zero", "0", "数えた結果が0だったことです。"),
        Entry(
            "dash",
            DASH,
            f"理由があって数値がないことです。理由には{'、'.join(one.label for one in ActualReason)}があり、表の下の注に書いています。",
        ),
        Entry("missing", "未入力", "まだ数値が入っていないことです。0でも「—」でもありません。"),
    ),
)
_RATES = Subject(
    "rates",
    "達成率と参考判定",
    (
        Entry(
            "rate",
            "達成率",
            "実績が目標のどこまで来たかを%で表したものです。100%を超えることも、後退して負（▲）になることもあります。",
        ),
        Entry(
            "formula",
            "算式",
            "達成率の計算のしかたです。指標ごとに、次の5つのどれかを決めています。",
        ),
        *(
            Entry(
                f"formula-{one.value}",
                f"算式: {one.label}",
                f"{one.words}。{_MEANING_OF_FORMULA[one]}",
            )
            for one in Formula
        ),
        Entry(
            "rounding",
            "端数処理",
            "達成率の細かい桁の扱いです。四捨五入か切り捨てかを、指標ごとに決めています。",
        ),
        Entry(
            "judgement",
            "参考判定",
            "達成率を区分に分けて、順調か遅れかを記号・言葉・色で示したものです。このシステムの基準によるもので、市の公表資料にはありません。",
        ),
        Entry(
            "share",
            "見込割合",
            "9月30日までに、年度の目標の何割まで進んでいるはずかという割合です。上半期の参考判定は、達成率をこの割合と比べて決めます。",
        ),
        *(
            Entry(f"outcome-{one.value}", one.label, meaning)
            for one, meaning in (
                (JudgementOutcome.MET, "率の区分によらず、目標に届いていることです。"),
                (JudgementOutcome.MISSED, "率の区分によらず、年度末に目標に届かなかったことです。"),
                (
                    JudgementOutcome.NOT_DUE,
                    "年度の途中で、まだ目標に届いていないことです。良い悪いは年度末に決めます。",
                ),
                (
                    JudgementOutcome.NOT_JUDGED,
                    "目標や実績がない、または判定しないと決めた指標です。",
                ),
            )
        ),
        Entry(
            "change",
            f"{Move.BETTER.label}・{Move.SAME.label}・{Move.WORSE.label}",
            "参考判定が、その前に判定した期間より良い区分に移ったか、同じか、悪い区分に移ったかです。",
        ),
        Entry(
            "projection",
            "推計",
            "これまでの年度の実績をもとに、最終年度の値を計算で延ばしたものです。約束や予定ではありません。計算の決まりは図に添えています。",
        ),
        Entry(
            "state",
            "施策と基本戦略の状況",
            "その下にある指標の参考判定とアクションの評価のうち、最も悪いもので表します。",
        ),
    ),
)
_PUBLISHING = Subject(
    "publishing",
    "公表と会議",
    (
        Entry("period", "報告期間", "実績をまとめる区切りです。上半期と年度の、年に2回あります。"),
        Entry(
            "publication",
            "公表",
            "実績を確かめて、このサイトに出すことです。公表した内容は、後から変わりません。",
        ),
        Entry(
            "version",
            "版",
            "同じ期間の公表に付く番号です。最初が第1版で、訂正すると第2版になります。",
        ),
        Entry(
            "corrections",
            "訂正表",
            "訂正の前と後で、どこがどう変わったかの一覧です。訂正の理由とともに公開します。",
        ),
        Entry(
            "draft",
            "公表前",
            "職員が入力や確認をしている途中のことです。公開のページには出ません。",
        ),
        Entry(
            "cause",
            "要因・今後の対応",
            "目標に届かない指標について、なぜか、次に何をするかを、担当と期限とともに書いたものです。",
        ),
        Entry(
            "opinion",
            "意見と対応",
            f"会議で委員から出た意見と、市の回答です。対応状況には{_listed(OpinionState)}があります。",
        ),
        Entry(
            "audience",
            "公開範囲",
            f"会議のページをだれが見られるかです。{'、'.join(one.label for one in Audience)}があります。",
        ),
        Entry(
            "open-data",
            "オープンデータ",
            "だれでも自由に使える形で出しているデータです。出典を書けば、加工も再利用もできます。",
        ),
    ),
)
SUBJECTS = (_PLAN, _FIGURES, _NOTHING, _RATES, _PUBLISHING)


def glossary(progress: PlanProgress) -> tuple[Subject, ...]:
    """Return every subject, and after them what the plan itself defines, where it defines anything."""
    own = (_bands(progress), _definitions(progress))
    return (*SUBJECTS, *(one for one in own if one.entries))


def _bands(progress: PlanProgress) -> Subject:
    entries = tuple(
        Entry(
            f"band-{term.value.lower()}-{number}",
            f"{band.sign}{band.label}",
            f"{term.label}: {words}",
        )
        for term in (Term.H1, Term.FY)
        for number, (band, words) in enumerate(ranges(progress, term), start=1)
    )
    return Subject("bands", "この計画の参考判定の区分", entries)


def _definitions(progress: PlanProgress) -> Subject:
    return Subject("definitions", "この計画の指標の定義", tuple(_defined(progress)))


def _defined(progress: PlanProgress) -> Iterator[Entry]:
    for one in progress.indicators:
        if one.definition:
            yield Entry(f"kpi-{one.code}", f"{one.code} {one.name}", one.definition)
