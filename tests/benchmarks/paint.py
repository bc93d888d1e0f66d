"""How soon a reader sees a page and its charts: ``uv run python -m tests.benchmarks.paint [LOADS]``.

Serves the product as quickstart leaves it and opens pages in Chromium with an empty cache, by turns
with plain files from the same server: the same HTML without scripts, and a bare page that loads the
same plotly.js and draws the same figures in the same sizes. Prints the medians in milliseconds, as
the machine is and with its processor slowed four times, and the ratios, whose target is 1.3. Each page has had a reader before. The
charts are those of the first screen, or where it has none, the first that the page draws unasked;
「—」 where the page draws none until its reader goes on.
"""

import re
import statistics
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.served import CHROMIUM, SLUG, own_environment, serving

PAGES = {"overview": "/", "KPI": f"/{SLUG}/kpis/1-1/", "KGI": f"/{SLUG}/kgi/"}
LOADS, RATES = 5, (1, 4)
SCREEN = {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HEADINGS = ("paint", "static", "ratio", "charts", "bare", "ratio", "blocked", "bare", "shift")

# Notes when each chart is ready, every shift of the layout, and every long task.
WATCH = """
window.noted = { ready: {}, shift: 0, tasks: [] };
new PerformanceObserver(list => list.getEntries().forEach(one => {
  noted.shift += one.hadRecentInput ? 0 : one.value;
})).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver(list => list.getEntries().forEach(one => {
  noted.tasks.push([one.startTime, one.duration]);
})).observe({ type: "longtask", buffered: true });
new MutationObserver(changes => changes.forEach(one => {
  noted.ready[one.target.dataset.chart] = performance.now();
})).observe(document, { subtree: true, attributeFilter: ["data-ready"] });
"""
FIRST = """() => {
  const AHEAD = 400;  // how near a chart must be for charts.js to draw it
  const all = Array.from(document.querySelectorAll("[data-chart]"), chart => {
    const area = chart.querySelector("[data-chart-area]").getBoundingClientRect();
    const figure = document.getElementById(chart.dataset.chart).textContent;
    return { name: chart.dataset.chart, top: area.top, width: area.width, height: area.height, figure };
  });
  const seen = all.filter(one => one.top < innerHeight);
  return seen.length ? seen : all.filter(one => one.top < innerHeight + AHEAD).slice(0, 1);
}"""
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
BARE = """<!doctype html><meta charset="utf-8"><title>bare</title><p>bare</p>{areas}
<script src="{bundle}"></script><script>
const figures = {figures};
document.querySelectorAll("[data-chart]").forEach(async (area, place) => {{
  await Plotly.newPlot(area, figures[place].data, figures[place].layout);
  area.dataset.ready = "true";
}});
</script>"""


def write_plain_files(browser: Browser, folder: Path) -> dict[str, list[str]]:
    """Write what the pages are compared with, and return the charts of each page's first screen."""
    plain = folder / "static" / "bench"
    plain.mkdir(parents=True)
    names = {}
    with serving(own_environment(folder)) as address:
        for name, path in PAGES.items():
            page = browser.new_page(viewport=SCREEN)
            page.goto(address + path)
            charts = page.evaluate(FIRST)
            bundle = page.locator("[data-bundle]").get_attribute("data-bundle")
            page.close()
            html = urllib.request.urlopen(address + path).read().decode()
            without = re.sub(r"<script defer.*?</script>", "", html)
            (plain / f"static-{name}.html").write_text(without)
            (plain / f"bare-{name}.html").write_text(bare(charts, bundle or ""))
            names[name] = [one["name"] for one in charts]
    return names


def bare(charts: list[dict[str, Any]], bundle: str) -> str:
    """Return a page that draws the charts and nothing else."""
    areas = "".join(
        f'<div data-chart="{one["name"]}" style="width:{one["width"]}px;height:{one["height"]}px"></div>'
        for one in charts
    )
    figures = f"[{','.join(one['figure'] for one in charts)}]"
    return BARE.format(areas=areas, bundle=bundle, figures=figures)


def warm(address: str) -> None:
    """Let each of the server's processes make each page once, as for its first reader."""
    for path in 10 * list(PAGES.values()):
        urllib.request.urlopen(address + path).close()


def load(browser: Browser, address: str, rate: int, charts: list[str]) -> dict[str, float]:
    """Open the address with an empty cache and return what was noted until the charts are drawn."""
    context = browser.new_context(viewport=SCREEN)
    page = context.new_page()
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    page.goto(address, wait_until="load")
    for one in charts:
        page.wait_for_selector(f"[data-chart='{one}'][data-ready]", timeout=90_000)
    page.wait_for_timeout(100)  # the last task is told when it has ended
    noted, paint = page.evaluate("noted"), page.evaluate(PAINT)
    context.close()
    blocked = sum(max(0, lasted - 50) for _, lasted in noted["tasks"])
    drawn = max((noted["ready"][one] for one in charts), default=0)
    return {"paint": paint, "drawn": drawn, "shift": noted["shift"], "blocked": blocked}


def measure(
    browser: Browser, address: str, name: str, rate: int, charts: list[str], loads: int
) -> str:
    """Return a line of the table: the page and what it is compared with, loaded by turns."""
    plain = f"{address}/static/bench"
    ways = (
        (address + PAGES[name], charts),
        (f"{plain}/static-{name}.html", []),
        (f"{plain}/bare-{name}.html", charts),
    )
    found = [[load(browser, where, rate, drawn) for where, drawn in ways] for _ in range(loads)]
    own, static, bare = (
        {what: statistics.median(one[place][what] for one in found) for what in found[0][0]}
        for place in range(len(ways))
    )
    cells = [
        f"{own['paint']:.0f}",
        f"{static['paint']:.0f}",
        f"{own['paint'] / static['paint']:.2f}",
    ]
    cells += (
        [f"{own['drawn']:.0f}", f"{bare['drawn']:.0f}", f"{own['drawn'] / bare['drawn']:.2f}"]
        if charts
        else ["—"] * 3
    )
    cells += [f"{own['blocked']:.0f}", f"{bare['blocked']:.0f}", f"{own['shift']:.4f}"]
    return f"1/{rate:<8}{name:10}" + "".join(f"{one:>9}" for one in cells)


def main() -> None:
    loads = int(sys.argv[1]) if sys.argv[1:] else LOADS
    print(f"{'processor':10}{'page':10}" + "".join(f"{one:>9}" for one in HEADINGS))
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        charts = write_plain_files(browser, folder)
        with serving(own_environment(folder)) as address:
            warm(address)
            for rate in RATES:
                for page in PAGES:
                    print(measure(browser, address, page, rate, charts[page], loads), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
