"""What a join, a token and a look at the gate cost, beside a bare Django view, in one run.

    python -m benchmarks.join [--rounds 5] [--requests 400]

Real Postgres, Redis and LiveKit; Nonza and the bare view each under one granian process (WSGI, four
threads), asked by four clients over kept connections, in turn. CPU is what the process of the web server
and its children used, from /proc; queries are counted by Postgres (pg_stat_statements), without BEGIN
and COMMIT.
"""

import argparse
import http.client
import json
import os
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from nonza.run.media.config import MediaPorts, livekit_yaml
from nonza.run.ports import free_port
from tests import parts
from tests.faults import stack as stacks
from tests.faults.process import Process
from tests.faults.stack import LIVEKIT_KEY, LIVEKIT_SECRET, Stack

ROOT = Path(__file__).resolve().parents[1]
CLIENTS = 4
PEOPLE_IN_A_SESSION = 9
BARE, SDK = "bare view: room and token", "the same with LiveKit's SDK"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """What one kind of request has cost so far."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    cpu: float = 0.0
    queries: int = 0

    def milliseconds(self, share: float) -> float:
        return 1000 * statistics.quantiles(self.seconds, n=100)[round(share * 100) - 1]

    @property
    def cpu_each(self) -> float:
        return 1000 * self.cpu / len(self.seconds)

    def line(self, name: str, bare: "Figures", sdk: "Figures") -> str:
        count = len(self.seconds)
        speed = f"{count / self.elapsed:7.0f} {self.milliseconds(0.5):8.2f} {self.milliseconds(0.95):8.2f}"
        ratios = f"{self.cpu_each / bare.cpu_each:8.2f} {self.cpu_each / sdk.cpu_each:8.2f}"
        cost = f"{self.cpu_each:8.2f} {self.queries / count:8.2f} {ratios}"
        return f"{name:34} {speed} {cost}"


class Browser:
    """One person's connection, cookies and CSRF token."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies = {"csrftoken": secrets.token_hex(16)}

    def send(self, method: str, path: str, body: object = None, **headers: str) -> dict:
        """Send one request; returns what was answered, and fails on anything but 2xx."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(
            method,
            path,
            None if body is None else json.dumps(body),
            {
                "Content-Type": "application/json",
                "Cookie": cookies,
                "X-CSRFToken": self.cookies["csrftoken"],
                "User-Agent": "Mozilla/5.0 (benchmark)",
                **headers,
            },
        )
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= http.client.MULTIPLE_CHOICES:
            sys.exit(f"{method} {path}: {answer.status} {content!r}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("guest-"):
                key, _sign, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return dict(json.loads(content))

    def start(self) -> str:
        """Start a session and return its code."""
        made = self.send("POST", "/api/v1/sessions/", {"display_name": "Marta"})
        return str(made["session"]["slug"])

    def join(self, slug: str, name: str) -> None:
        key = {"Idempotency-Key": secrets.token_hex(16)}
        self.send("POST", f"/api/v1/sessions/{slug}/join/", {"display_name": name}, **key)

    def token(self, slug: str) -> None:
        self.send("POST", f"/api/v1/sessions/{slug}/token/", {})

    def gate(self, slug: str) -> None:
        self.send("GET", f"/api/v1/sessions/{slug}/")


class Bench:
    """Nonza and the bare view, and how each is asked."""

    def __init__(self, stack: Stack, bare: Process, requests: int) -> None:
        self.stack, self.web, self.bare = stack, stack.web[0], bare
        self.requests = requests
        self.store = stack.store()
        self.slugs: list[str] = []
        self.places = [self._place() for _count in range(CLIENTS)]
        self.figures = {name: Figures() for name in self.kinds()}

    def kinds(self) -> dict[str, tuple[Process, Callable[[Browser, int], None]]]:
        return {
            BARE: (self.bare, self._bare),
            SDK: (self.bare, self._sdk),
            "token refresh": (self.web, self._refresh),
            "whole join: join and token": (self.web, self._whole_join),
            "gate, from the cache": (self.web, self._gate),
            "gate, without the cache": (self.web, self._gate_uncached),
        }

    def round(self) -> None:
        """Ask for each kind in turn."""
        for name, (process, act) in self.kinds().items():
            if act == self._whole_join:
                host = Browser(self.web.port)
                self.slugs = [host.start() for _count in range(self.requests // PEOPLE_IN_A_SESSION + 1)]
            self._measure(self.figures[name], process, act)

    def _measure(self, figures: Figures, process: Process, act: Callable[[Browser, int], None]) -> None:
        share = self.requests // CLIENTS

        def client(number: int) -> list[float]:
            browser = self.places[number][0] if process is self.web else Browser(process.port)
            seconds = []
            for count in range(share):
                began = time.perf_counter()
                act(browser, number * share + count)
                seconds.append(time.perf_counter() - began)
            return seconds

        self.stack.forget_queries()
        cpu, began = _cpu(process), time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            for seconds in pool.map(client, range(CLIENTS)):
                figures.seconds += seconds
        figures.elapsed += time.perf_counter() - began
        figures.cpu += _cpu(process) - cpu
        figures.queries += sum(self.stack.queries("web").values())

    def _place(self) -> tuple[Browser, str]:
        browser = Browser(self.web.port)
        slug = browser.start()
        browser.join(slug, "Marta")
        browser.token(slug)
        return browser, slug

    def _slug_of(self, browser: Browser) -> str:
        return next(slug for other, slug in self.places if other is browser)

    def _bare(self, browser: Browser, number: int) -> None:
        room = f"00000000-0000-4000-8000-{number // 100:012d}"
        browser.send("POST", "/token/", {"room": room, "identity": f"{uuid4()}.{number}"})

    def _sdk(self, browser: Browser, number: int) -> None:
        room = f"00000000-0000-4000-8000-{number // 100:012d}"
        browser.send("POST", "/token-by-sdk/", {"room": room, "identity": f"{uuid4()}.{number}"})

    def _refresh(self, browser: Browser, _number: int) -> None:
        browser.token(self._slug_of(browser))

    def _whole_join(self, browser: Browser, number: int) -> None:
        newcomer = Browser(browser.port)
        newcomer.connection = browser.connection
        slug = self.slugs[number // PEOPLE_IN_A_SESSION]
        newcomer.join(slug, f"Guest {number}")
        newcomer.token(slug)

    def _gate(self, browser: Browser, _number: int) -> None:
        stranger = Browser(browser.port)
        stranger.connection = browser.connection
        stranger.gate(self._slug_of(browser))

    def _gate_uncached(self, browser: Browser, number: int) -> None:
        keys = list(self.store.scan_iter("nonza:1:session:*", count=1000))
        if keys:
            self.store.delete(*keys)
        self._gate(browser, number)


def _cpu(process: Process) -> float:
    """Seconds that a process and its children have used."""
    used = 0
    for pid in process.family():
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS


@contextmanager
def livekit(folder: Path) -> Iterator[str]:
    """A LiveKit server of one's own; its news go nowhere."""
    ports = MediaPorts(http=free_port(), tcp=free_port(), udp=free_port())
    text = livekit_yaml(ports, key=LIVEKIT_KEY, secret=LIVEKIT_SECRET, web=stacks.NOWHERE)
    (folder / "livekit.yaml").write_text(text)
    program = [str(parts.livekit()), "--config", str(folder / "livekit.yaml")]
    server = Process("livekit", program, folder, dict(os.environ), ports.http)
    server.start()
    try:
        server.wait_ready()
        yield f"http://127.0.0.1:{ports.http}"
    finally:
        server.end()


@contextmanager
def bare_view(stack: Stack) -> Iterator[Process]:
    """The baseline under the same server as Nonza."""
    port = free_port()
    command = [word for word in stack.web[0].command if not word.endswith(":application")]
    command[command.index("--port") + 1] = str(port)
    command.append("benchmarks.bare_view:application")
    server = Process("bare", command, stack.folder, stack.environment, port, working_folder=str(ROOT))
    server.start()
    try:
        server.wait_ready()
        yield server
    finally:
        server.end()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=400, help="of each kind in each round")
    options = parser.parse_args()
    roomy = {"NONZA_RATE_TOKEN_PARTICIPANT": "1000000/min"}
    with tempfile.TemporaryDirectory() as name, livekit(Path(name)) as media:
        Path(name).chmod(0o755)  # Postgres runs as another user
        with stacks.running(Path(name), livekit_url=media, **roomy) as stack, bare_view(stack) as bare:
            bench = Bench(stack, bare, options.requests)
            bench.round()  # warms everything up
            bench.figures = {kind: Figures() for kind in bench.kinds()}
            for _count in range(options.rounds):
                bench.round()
    columns = ("req/s", "p50 ms", "p95 ms", "CPU ms", "queries", "x bare", "x SDK")
    print(f"{'':34} {columns[0]:>7} " + " ".join(f"{name:>8}" for name in columns[1:]))
    for kind, figures in bench.figures.items():
        print(figures.line(kind, bench.figures[BARE], bench.figures[SDK]))


if __name__ == "__main__":
    main()
