"""The site below a path of the city's own server: https://www.example.lg.jp/kpi/.

The proxy hands the address on as it is; here the path is taken off, and Django puts it before every
link (FORCE_SCRIPT_NAME). An address beside the path is none of ours, but for health.
"""

from collections.abc import Callable, Iterable
from typing import Any

from kadoma_plan.health import PATHS

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def below(prefix: str, application: Application) -> Application:
    """Return the application as it is reached below the prefix; itself where there is none."""
    if not prefix:
        return application

    def reached(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == prefix:
            start_response("301 Moved Permanently", [("Location", f"{prefix}/")])
            return []
        if path.startswith(f"{prefix}/"):
            return application({**environ, "PATH_INFO": path[len(prefix) :]}, start_response)
        if path in PATHS:
            return application(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"このサイトは {prefix}/ の下にあります。\n".encode()]

    return reached
