"""The commands of the contract: what they write, and what they answer to a wrong request."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from actions.fiscal import Period, Term
from actions.models import Plan
from kpis.models import Actual, Publication
from kpis.opendata import csv_bytes, json_bytes
from kpis.selectors import shown
from kpis.services import publish_outright
from tests.factories import make_plan

SLUG = "kadoma-monozukuri"
R6, R7_H1 = Period(2024, Term.FY), Period(2025, Term.H1)

pytestmark = pytest.mark.django_db


def answer(*command):
    """Run the command as the command line does and return what it says."""
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def refusal(*command):
    """Run a command that must fail and return why."""
    with pytest.raises(CommandError) as caught:
        answer(*command)
    return str(caught.value)


@pytest.fixture
def export(published, tmp_path):
    """Export to a new file and return its bytes."""

    def export(*options):
        file = tmp_path / "データ.out"
        assert answer("export_data", SLUG, *options, "-o", str(file)) == ""
        return file.read_bytes()

    return export


def test_the_newest_publication_is_exported_as_csv(export):
    whole = export("--format", "csv")
    assert whole == b"".join(csv_bytes(shown(SLUG).progress))
    rows = list(csv.DictReader(io.StringIO(whole.decode("utf-8-sig"), newline="")))
    figures = {row["指標コード"]: row["達成率表示"] for row in rows if row["期間"] == "H1"}
    assert (figures["1-1"], figures["2-4"], figures["2-3"]) == ("58.6%", "7.1%", "67%")


def test_csv_is_what_comes_without_a_format(export):
    assert export() == export("--format", "csv")


def test_csv_comes_in_code_page_932_on_request(export):
    whole = export("--encoding", "cp932")
    assert whole == b"".join(csv_bytes(shown(SLUG).progress, "cp932"))
    assert whole.decode("cp932").startswith("計画ID,")


def test_json_is_exported(export):
    rows = json.loads(export("--format", "json"))
    assert len(rows) == 15 * 6
    (half,) = (row for row in rows if row["code"] == "1-1" and row["term"] == "H1")
    assert (half["actual"], half["target"], half["rate"]) == (704, 1200, 58.666667)


def test_xlsx_is_exported(export):
    (sheet,) = load_workbook(io.BytesIO(export("--format", "xlsx"))).worksheets
    assert (sheet.max_row, sheet.max_column) == (1 + 15 * 6, 20)
    assert [cell.value for cell in sheet[1]][:2] == ["計画ID", "指標コード"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_hyphen_writes_to_standard_output(published, capsysbinary, kind):
    answer("export_data", SLUG, "--format", kind, "-o", "-")
    whole = capsysbinary.readouterr().out
    progress = shown(SLUG).progress
    if kind == "csv":
        assert whole == b"".join(csv_bytes(progress))
    elif kind == "json":
        assert whole == b"".join(json_bytes(progress))
    else:
        assert load_workbook(io.BytesIO(whole)).sheetnames == ["データ"]


def seen(whole):
    """Return the years with an actual, and the version, that a JSON export holds."""
    rows = json.loads(whole)
    years = {f"{row['fiscal_year']}-{row['term']}" for row in rows if row["actual"] is not None}
    return sorted(years), {row["version"] for row in rows}


UP_TO_R6, UP_TO_R7 = ["2023-FY", "2024-FY"], ["2023-FY", "2024-FY", "2025-H1"]


@pytest.mark.parametrize(
    ("period", "years"),
    [("R7-H1", UP_TO_R7), ("2025-H1", UP_TO_R7), ("2024-FY", UP_TO_R6), ("令和6年度", UP_TO_R6)],
)
def test_an_older_period_is_exported_on_request(export, period, years):
    assert seen(export("--format", "json", "--period", period)) == (years, {1})


def test_an_older_version_is_exported_on_request(export, published, administrator):
    publish_outright(plan=published, period=R6, by=administrator, reason="誤記")
    publish_outright(plan=published, period=R7_H1, by=administrator, reason="誤記")
    assert seen(export("--format", "json")) == (UP_TO_R7, {2})
    assert seen(export("--format", "json", "--version", "1")) == (UP_TO_R7, {1})
    older = ("--period", "R6-FY", "--version", "1")
    assert seen(export("--format", "json", *older)) == (UP_TO_R6, {1})


NOT_A_PERIOD = "は期間として読み取れません。2025-H1、R7-H1、2024-FY のように指定してください。"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(
            ["nowhere"],
            "計画「nowhere」がありません（登録されている計画: kadoma-monozukuri）。",
            id="slug",
        ),
        pytest.param([SLUG, "--period", "R7"], f"「R7」{NOT_A_PERIOD}", id="year-for-a-period"),
        pytest.param([SLUG, "--period", "来年"], f"「来年」{NOT_A_PERIOD}", id="no-period"),
        pytest.param(
            [SLUG, "--period", "R7-FY"], "令和7年度は公表されていません。", id="period-to-come"
        ),
        pytest.param(
            [SLUG, "--version", "2"],
            "令和7年度上半期の第2版は公表されていません。",
            id="version-of-the-newest",
        ),
        pytest.param(
            [SLUG, "--period", "R6-FY", "--version", "0"],
            "令和6年度の第0版は公表されていません。",
            id="version-of-a-period",
        ),
    ],
)
def test_what_cannot_be_exported_is_told_and_nothing_is_written(
    published, tmp_path, options, message
):
    file = tmp_path / "data.csv"
    assert refusal("export_data", *options, "-o", str(file)) == message
    assert not file.exists()


def test_a_plan_without_publications_has_nothing_to_export(kadoma, tmp_path):
    file = tmp_path / "data.csv"
    message = "この計画の公表はまだありません。"
    assert refusal("export_data", SLUG, "-o", str(file)) == message
    assert not file.exists()


def test_without_any_plan_the_answer_says_so(tmp_path):
    message = f"計画「{SLUG}」がありません（登録されている計画: なし）。"
    assert refusal("export_data", SLUG, "-o", str(tmp_path / "data.csv")) == message


def test_a_file_that_cannot_be_written_is_told(published, tmp_path):
    for place in (tmp_path, tmp_path / "nowhere" / "data.csv"):
        told = refusal("export_data", SLUG, "-o", str(place))
        assert told.startswith(f"{place} に書き込めません（")


def test_a_content_that_was_tampered_with_is_not_exported(published, tmp_path):
    Publication.objects.filter(period__term="H1").update(sha256="0" * 64)
    told = refusal("export_data", SLUG, "-o", str(tmp_path / "data.csv"))
    assert told == "公表データが公表時の内容と一致しません（SHA-256の不一致）。"


def test_a_period_is_published_in_the_name_of_a_user(kadoma, publisher):
    with pytest.raises(CommandError, match="公表前に確かめることが4件あります（1-3 "):
        call_command("publish", SLUG, "R7-H1", "--by", "kohyo")
    told = answer("publish", SLUG, "R7-H1", "--by", "kohyo", "--reason", "公表資料による")
    made = Publication.objects.get()
    assert (made.period.period, made.version, made.published_by) == (R7_H1, 1, publisher)
    assert made.reason == "公表資料による"
    assert told.strip() == f"令和7年度上半期 第1版を公表しました（SHA-256: {made.sha256}）。"


def test_a_correction_is_published_with_its_reason(published, publisher):
    told = answer("publish", SLUG, "2024-FY", "--by", "kohyo", "--reason", "集計の誤り")
    made = Publication.objects.get(version=2)
    assert (made.period.period, made.reason, made.published_by) == (R6, "集計の誤り", publisher)
    assert "令和6年度 第2版を公表しました" in told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(
            [SLUG, "R7-H1", "--by", "kanri"],
            "令和7年度上半期は公表済みです。訂正の理由を入力してください。",
            id="correction-without-a-reason",
        ),
        pytest.param(
            [SLUG, "R7-FY", "--by", "kanri"],
            "令和7年度の報告期間がありません。先に報告期間を登録してください。",
            id="period-never-opened",
        ),
        pytest.param([SLUG, "R7", "--by", "kanri"], f"「R7」{NOT_A_PERIOD}", id="no-period"),
        pytest.param(
            [SLUG, "R7-H1", "--by", "dareka"], "利用者「dareka」がいません。", id="nobody"
        ),
        pytest.param(
            [SLUG, "R7-H1", "--by", "taishoku", "--reason", "訂正"],
            "利用者「taishoku」がいません。",
            id="left-the-office",
        ),
        pytest.param(
            ["nowhere", "R7-H1", "--by", "kanri"],
            "計画「nowhere」がありません（登録されている計画: kadoma-monozukuri）。",
            id="slug",
        ),
    ],
)
def test_what_cannot_be_published_is_told_and_nothing_is_written(
    published, django_user_model, options, message
):
    django_user_model.objects.create_user("taishoku", is_staff=True, is_active=False)
    assert refusal("publish", *options) == message
    assert Publication.objects.count() == 2


def test_every_printed_rate_of_the_paper_is_reproduced(kadoma):
    told = answer("verify_published", SLUG).strip().splitlines()
    assert told[-1] == "11件すべてが公表資料と一致しました。"
    assert [line.split()[:3] for line in told[:-1]] == [
        ["一致", "令和7年度上半期", code]
        for code in ["1-1", "1-3", "1-5", "2-1", "2-2", "2-3", "2-4", "3-1", "3-2", "3-4", "3-6"]
    ]
    name = "門真市中小企業サポートセンター相談件数"
    assert told[0] == f"一致  令和7年度上半期  1-1 {name}  公表 58.6%  計算 58.6%"


@pytest.mark.parametrize(
    ("code", "changed", "told_rates"),
    [
        pytest.param("1-1", {"printed_rate": "58.7%"}, "公表 58.7%  計算 58.6%", id="digit"),
        pytest.param("1-3", {"printed_rate": "15.0%"}, "公表 15.0%  計算 15%", id="zeros"),
        pytest.param("3-1", {"printed_rate": "—"}, "公表 —  計算 0%", id="dash-for-zero"),
        pytest.param("3-2", {"value": 8}, "公表 90%  計算 80%", id="figure"),
        pytest.param("3-6", {"value": None}, "公表 40%  計算 （未入力）", id="not-entered"),
    ],
)
def test_one_rate_that_differs_is_named_and_fails(kadoma, code, changed, told_rates):
    Actual.objects.filter(indicator__code=code, period__term="H1").update(**changed)
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("verify_published", SLUG, stdout=out)
    assert str(caught.value) == "11件のうち1件が公表資料と異なります。"
    (different,) = (line for line in out.getvalue().splitlines() if line.startswith("相違"))
    assert different.split()[2] == code
    assert different.endswith(told_rates)


def test_only_the_plan_that_was_named_is_verified(kadoma):
    make_plan(slug="another", indicators=1)
    Actual.objects.filter(indicator__plan=kadoma).update(printed_rate="1%")
    Actual.objects.exclude(indicator__plan=kadoma).update(printed_rate="")
    assert answer("verify_published", "another").strip() == "0件すべてが公表資料と一致しました。"


def test_a_plan_that_does_not_exist_cannot_be_verified(kadoma):
    Plan.objects.filter(pk=kadoma.pk).update(slug="renamed")
    message = f"計画「{SLUG}」がありません（登録されている計画: renamed）。"
    assert refusal("verify_published", SLUG) == message
