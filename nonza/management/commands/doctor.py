"""`manage.py doctor` looks at everything that Nonza needs, and says what to do."""

import json
import re
import sys
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules

from nonza.doctor import registry, stores, surroundings, work  # noqa: F401 -- they register their checks
from nonza.doctor.registry import Finding, Verdict
from nonza.env import env

BROKEN, WARNINGS = 1, 2
SIGNS = {Verdict.FINE: "fine   ", Verdict.WARNING: "warning", Verdict.BROKEN: "BROKEN "}
SHORTEST_SECRET = 6


class Command(BaseCommand):
    help = (
        "Look at everything that Nonza needs: stores, worker, media server and ports, address, clocks, disk. "
        "Ends with 0 if all is fine, 1 if something is broken, 2 if something only asks for attention."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON; its codes are stable")
        parser.add_argument(
            "--only", default="", metavar="NAMES", help="these checks alone, like redis,worker"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        autodiscover_modules("doctor")
        told: list[tuple[str, Finding]] = []
        for name, findings in registry.run(_chosen(options["only"])):
            for finding in findings:
                told.append((name, finding))
                if not options["json"]:
                    self._say(name, finding)
        worst = _worst([finding for _name, finding in told])
        if options["json"]:
            self.stdout.write(_without_secrets(_as_json(told, worst)))
        else:
            self._sum_up(worst)
        if worst is not Verdict.FINE:
            sys.exit(BROKEN if worst is Verdict.BROKEN else WARNINGS)

    def _say(self, name: str, finding: Finding) -> None:
        paint = {
            Verdict.FINE: self.style.SUCCESS,
            Verdict.WARNING: self.style.WARNING,
            Verdict.BROKEN: self.style.ERROR,
        }
        line = _without_secrets(f"{name:<9} {finding.says}")
        self.stdout.write(f"{paint[finding.verdict](SIGNS[finding.verdict])} {line}")
        if finding.cure:
            self.stdout.write(f"        → {_without_secrets(finding.cure)}")
        self.stdout.flush()

    def _sum_up(self, worst: Verdict) -> None:
        words = {
            Verdict.FINE: "All is well, as far as it can be seen from this machine.",
            Verdict.WARNING: "It works; what is marked asks for attention.",
            Verdict.BROKEN: "Something is broken; what to do stands beside it.",
        }
        self.stdout.write(words[worst])


def _chosen(only: str) -> list[str]:
    known = registry.names()
    wanted = [word for word in re.split(r"[\s,]+", only) if word]
    if unknown := set(wanted) - set(known):
        message = f"There is no check called {', '.join(sorted(unknown))}; there are {', '.join(known)}."
        raise CommandError(message)
    return [name for name in known if not wanted or name in wanted]


def _worst(findings: list[Finding]) -> Verdict:
    verdicts = {finding.verdict for finding in findings}
    return next((one for one in (Verdict.BROKEN, Verdict.WARNING) if one in verdicts), Verdict.FINE)


def _as_json(told: list[tuple[str, Finding]], worst: Verdict) -> str:
    findings = [
        {
            "check": name,
            "code": finding.code,
            "verdict": finding.verdict,
            "says": finding.says,
            "cure": finding.cure,
        }
        for name, finding in told
    ]
    return json.dumps({"verdict": worst, "findings": findings}, ensure_ascii=False, indent=2)


def _without_secrets(text: str) -> str:
    """Take out every secret that Nonza knows: an error of a driver may quote an address whole."""
    passwords = [urlsplit(url).password for url in (env.database_url, env.redis_url)]
    for secret in (settings.SECRET_KEY, settings.LIVEKIT_API_SECRET, *passwords):
        if secret and len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, "***")
    return re.sub(r"://[^/\s@]+@", "://***@", text)
