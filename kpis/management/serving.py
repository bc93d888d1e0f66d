"""The production server: one way to start it, whether for one PC or for the whole city."""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections

from kpis.services.journal import Act, note

SECONDS_TO_FINISH = 30  # what is being saved when the server is told to stop is answered
LARGEST_WORKER = 1024  # MiB; a larger one is replaced by a fresh one, between requests


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens."""

    host: str
    port: int

    @property
    def address(self) -> str:
        """Return where a browser on this machine finds the site."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{settings.SUBPATH}/"

    def check(self) -> None:
        """Raise CommandError for a place that cannot be served at, before anything is prepared."""
        if not 1 <= self.port <= 65535:
            raise CommandError("ポート番号は1から65535までで指定してください。")
        try:
            family, *_, place = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family) as probe:
                if sys.platform != "win32":  # there it would share a port that is in use
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except OSError:
            raise CommandError(
                f"{self.host} のポート{self.port}は使えません（ほかのプログラムが使用中など）。"
                "--port で別の番号を指定してください。"
            ) from None


def usual_workers() -> int:
    """Return how many processes suit this machine: requests are short, memory is not endless."""
    return 2 if (os.cpu_count() or 1) > 1 else 1


def serve(place: Place, *, say: Callable[[str], object], workers: int = 0) -> None:
    """Serve until the process is told to stop, then let running requests finish.

    A worker that dies or grows too large is replaced; where each dies at once, the server ends.
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    say(f"{place.address} で開始します（終了は Ctrl+C）。")
    server = Granian(
        "kadoma_plan.wsgi:application",
        address=place.host,
        port=place.port,
        interface=Interfaces.WSGI,
        workers=workers or usual_workers(),
        blocking_threads=4,
        websockets=False,
        working_dir=Path(settings.BASE_DIR),
        respawn_failed_workers=True,
        workers_max_rss=LARGEST_WORKER,
        workers_kill_timeout=SECONDS_TO_FINISH,
        # Its warnings advise on the machine, in English; what went wrong is in our own log.
        log_level=LogLevels.error,
        log_dictconfig=_IN_OUR_LOG,
    )
    facts: dict[str, Any] = {"where": place.address, "version": settings.PRODUCT_VERSION}
    server.on_startup(lambda: note(Act.STARTED, workers=server.workers, **facts))
    server.on_shutdown(lambda: note(Act.STOPPED, **facts))
    connections.close_all()  # no connection may be shared with the workers
    server.serve()


_IN_OUR_LOG = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}, "granian.access": {"propagate": True}},
}
