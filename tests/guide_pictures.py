"""Makes the pictures of the guides from the running product: ``python -m tests.guide_pictures``.

It serves the product as quickstart leaves it in an empty directory, with the samples, and plays a
round through in Chromium: begin, enter, hand in, publish, correct, and what a meeting needs. Every
picture is of that example. ImageMagick (``convert``) makes the files small.
"""

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.served import leave_by, serving

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "static/img/guide"
PASSWORD = "tebiki-2026"
SLUG = "kadoma-monozukuri"
WIDTH = 940
COLOURS = 48
# The people, and what 上半期 promised, which the year's end asks about.
PREPARED = f"""
import datetime
from kpis.models import Actual
from django.contrib.auth.models import Group, User
for name, family, given, role in (
    ("tanaka", "田中", "花子", "入力担当"), ("sato", "佐藤", "一郎", "公表担当"),
):
    person = User.objects.create_user(
        name, password="{PASSWORD}", is_staff=True, last_name=family, first_name=given
    )
    person.groups.add(Group.objects.get(name=role))
half = Actual.objects.get(period__fiscal_year=2025, period__term="H1", indicator__code="1-3")
half.next_step, half.next_step_owner = "商工会議所と合同で説明会を開く", "産業振興課"
half.next_step_due = datetime.date(2026, 1, 31)
half.save()
"""


class Studio:
    """A browser in front of the product."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address

    def enter(self, name: str = "", width: int = WIDTH) -> Page:
        """Return a new window, signed in as this person."""
        size = {"width": width, "height": 760}
        page = self.browser.new_context(
            viewport=size,
            locale="ja-JP",
            timezone_id="Asia/Tokyo",
            base_url=self.address,
            reduced_motion="reduce",
        ).new_page()
        if name:
            page.goto("/admin/login/")
            page.fill("#id_username", name)
            page.fill("#id_password", PASSWORD)
            leave_by(page, "input[type=submit]")
        return page


# What a Japanese browser shows for a file to choose; Chromium without a window speaks English.
CHOOSE_A_FILE = """
for (const input of document.querySelectorAll("input[type=file]")) {
  const button = Object.assign(document.createElement("button"), { textContent: "ファイルを選択" });
  Object.assign(button.style, { all: "revert", font: "13px sans-serif", marginRight: "6px" });
  input.replaceWith(button, "選択されていません");
}
"""


def shot(page: Page, name: str, *selectors: str, height: int = 640, pad: int = 8) -> None:
    """Keep the part of the page that holds these elements, at most so high."""
    page.evaluate(CHOOSE_A_FILE)
    boxes = [page.locator(one).first.bounding_box() for one in selectors]
    assert all(boxes), f"{name}: {selectors} not on {page.url}"
    scrolled = page.evaluate("window.scrollY")
    left = max(min(one["x"] for one in boxes) - pad, 0)
    top = max(min(one["y"] for one in boxes) + scrolled - pad, 0)
    right = min(max(one["x"] + one["width"] for one in boxes) + pad, page.viewport_size["width"])
    bottom = max(one["y"] + one["height"] for one in boxes) + scrolled + pad
    clip = {"x": left, "y": top, "width": right - left, "height": min(bottom - top, height)}
    raw = PICTURES / f"{name}.raw.png"
    page.screenshot(path=raw, clip=clip, full_page=True)
    small = [
        "-strip",
        "-dither",
        "None",
        "-colors",
        str(COLOURS),
        "-define",
        "png:compression-level=9",
    ]
    subprocess.run(["convert", raw, *small, PICTURES / f"{name}.png"], check=True)
    raw.unlink()


def reading(studio: Studio) -> None:
    """Pictures of the public pages."""
    page = studio.enter()
    page.goto("/")
    shot(page, "public-header", "header.site-header", ".edition", height=300)
    shot(page, "public-counts", "main h1", ".counts, .tiles", height=420)
    shot(page, "public-table", "main .table-frame:has(.aligned)", height=430)
    page.goto(f"/{SLUG}/kpis/1-1/")
    page.locator("[data-drawn]").first.wait_for(timeout=30000)
    page.wait_for_timeout(500)
    shot(page, "public-indicator", "main h1", "main .chart", height=620)
    page.goto(f"/{SLUG}/rules/")
    shot(page, "public-rules", "#h-bands", ".columns", height=520)


def beginning(studio: Studio) -> None:
    """公表担当 begins the round."""
    page = studio.enter("sato")
    page.goto("/admin/")
    shot(page, "staff-front-begin", ".turns", height=300)
    page.click("a.turn-begin")
    due = dt.date.today() + dt.timedelta(days=21)
    page.fill("input[name=due]", due.isoformat())
    shot(page, "begin", "h1, #content > h1", ".plain-form", height=520)
    page.click("button.default")
    page.goto("/admin/")
    shot(page, "staff-front", ".turn-round", height=520)
    page.goto(f"{round_address(page)}reminders/")
    shot(page, "reminders", "#content-main", height=520)


def round_address(page: Page) -> str:
    """Return the address of the round's pages, from the front page's link to its grid."""
    page.goto("/admin/")
    return page.locator(".turn-links a").first.get_attribute("href").removesuffix("entry/")


def entering(studio: Studio) -> str:
    """入力担当 enters figures and hands them in; return the address of the round."""
    page = studio.enter()
    page.goto("/admin/login/")
    shot(page, "login", "#container", height=420)
    page = studio.enter("tanaka", width=1360)
    at = round_address(page)
    page.goto(f"{at}entry/")
    shot(page, "entry-head", ".round-state", ".keys-help", height=300)
    row = page.locator("tr[data-row]").first.get_attribute("data-row")
    page.fill(f"#{row}-value", "1,300")
    page.fill(f"#{row}-cause", "第2四半期の展示会の参加者が増えた")
    rows = [one.get_attribute("data-row") for one in page.locator("tr[data-row]").all()]
    page.fill(f"#{rows[1]}-value", "120")
    page.press(f"#{rows[1]}-value", "Tab")
    page.wait_for_timeout(1500)
    shot(page, "entry-grid", "table.grid thead", f"tr[data-row={rows[1]}]", height=620)
    shot(page, "entry-caution", f"tr[data-caution={rows[1]}] .caution-box")
    page.fill(f"#{rows[1]}-confirmation", "会場の変更により減。数値に誤りなし")
    promise = page.locator("tr.promise:visible .promise-box").first
    promise.scroll_into_view_if_needed()
    shot(page, "entry-promise", "tr.promise .promise-box")
    shot(page, "entry-buttons", ".grid-actions")
    leave_by(page, "button[value=save]")
    page.goto(f"{at}import/")
    shot(page, "entry-import", "#content-main section:nth-of-type(1)", ".plain-form", height=560)
    page.goto(f"{at}actions/")
    shot(page, "entry-actions", ".action-head", "table.grid tr[data-row]", height=560)
    page.goto(f"{at}entry/")
    page.fill("#submit_reason", "残りの指標は4月末に入力します")
    leave_by(page, "button[value=submit]")
    return at


def publishing(studio: Studio, at: str) -> None:
    """公表担当 checks, publishes and corrects."""
    page = studio.enter("sato")
    page.goto(f"{at}readiness/")
    shot(page, "readiness-gaps", ".round-state", "section[aria-labelledby=h-gaps]", height=560)
    shot(page, "readiness-moves", "section[aria-labelledby=h-moves]", height=560)
    with page.expect_navigation():
        page.click("section[aria-labelledby=h-moves] a")
    shot(page, "preview", "header.site-header", "main h1", height=320)
    page.goto(f"{at}readiness/")
    page.fill("#reason-publish", "未入力の指標は、確定した後に訂正として公表する")
    leave_by(page, "form.move button.default")
    page.goto(f"{at}readiness/")
    page.fill("#reason-reopen", "1-2 に転記の誤りがあった")
    shot(page, "correct-begin", "form.move:has(#reason-reopen)")
    page.click("form.move:has(#reason-reopen) button")
    page.goto(f"{at}entry/")
    rows = [one.get_attribute("data-row") for one in page.locator("tr[data-row]").all()]
    page.fill(f"#{rows[1]}-value", "148")
    page.press(f"#{rows[1]}-value", "Tab")
    leave_by(page, "button[value=save]")
    page.goto(f"{at}readiness/")
    shot(page, "correct-changes", "section[aria-labelledby=h-changes]", height=360)
    page.fill("#reason-publish", "1-2 の転記の誤りを直した")
    page.click("form.move:has(#reason-publish) button")
    page.goto(f"/{SLUG}/corrections/")
    shot(page, "corrections", "main h1", "main .table-frame", height=420)


def meeting(studio: Studio) -> None:
    """The meeting's record, paper, opinions and page."""
    page = studio.enter("sato")
    page.goto("/admin/kpis/meeting/add/")
    shot(page, "meeting-add", "fieldset.module", height=620)
    page.goto("/admin/kpis/meeting/")
    page.locator("#result_list tbody th a").first.click()
    shot(page, "meeting-tools", "#content > h1", ".object-tools", "#content > h2", height=200)
    audience = "fieldset:has(#id_audience)"
    shot(page, "meeting-audience", audience, height=320)
    shot(page, "meeting-opinions", "#opinions-0", height=620)
    leave_by(page, ".object-tools a >> nth=0")
    shot(page, "council", ".council-facts", "form[data-council-file]", height=420)
    shot(page, "council-keep", "section[aria-labelledby=h-keep]", height=420)
    page.goto("/admin/kpis/opinion/")
    page.locator("#result_list tbody a").first.click()
    answer = page.locator("a[href$='/answer/']")
    page.goto(answer.first.get_attribute("href") if answer.count() else page.url + "../answer/")
    shot(page, "answer", "#content-main", height=700)
    page.goto(f"/{SLUG}/meetings/")
    leave_by(page, f"main a[href^='/{SLUG}/meetings/']")
    shot(page, "meeting-public", "main h1", "main .facts", height=420)


def april(studio: Studio) -> None:
    """The new fiscal year, and the people."""
    page = studio.enter("admin")
    page.goto("/admin/actions/plan/")
    page.locator("#result_list a[href$='new-year/']").first.click()
    shot(page, "new-year", "form.section-filter", "ol.steps", height=320)
    shot(page, "new-year-targets", "form.grid-form", height=520)
    shot(page, "new-year-periods", "section[aria-labelledby=h-periods]", height=420)
    page.goto("/admin/kpis/target/")
    page.locator("#result_list tbody th a").first.click()
    page.goto(page.url.replace("change/", "revise/"))
    shot(page, "revise", "#content-main", height=720)
    page.goto("/admin/auth/user/add/")
    shot(page, "user-add", ".form-row >> nth=0", ".submit-row", height=520)
    page.goto("/admin/auth/user/")
    page.click("#result_list a:has-text('tanaka')")
    shot(page, "user-groups", ".field-is_active", ".field-groups", height=520)


def system(studio: Studio) -> None:
    """What the system's administrator needs."""
    page = studio.enter("admin")
    page.goto("/admin/actions/plan/")
    shot(page, "plan-list", "#content > h1", "#changelist", height=300)
    page.goto("/admin/actions/plan/book/import/")
    shot(page, "plan-book", "section[aria-labelledby=h-download]", ".plain-form", height=520)


def main() -> None:
    """Make every picture anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    environment = os.environ | {"KADOMA_DATA_DIR": str(folder), "KADOMA_ADMIN_PASSWORD": PASSWORD}
    environment.pop("DATABASE_URL", None)

    def manage(*words: str) -> None:
        subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=environment, check=True)

    manage("quickstart", "--no-serve", "--with-samples")
    manage("shell", "-c", PREPARED)
    try:
        with serving(environment) as address, sync_playwright() as playwright:
            found = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(
                executable_path=found,
                args=["--no-sandbox", "--lang=ja"],
                env=os.environ | {"LANGUAGE": "ja"},
            )
            studio = Studio(browser, address)
            reading(studio)
            beginning(studio)
            publishing(studio, entering(studio))
            meeting(studio)
            april(studio)
            system(studio)
            browser.close()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
