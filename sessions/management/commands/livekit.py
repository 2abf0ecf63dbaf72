"""`manage.py livekit` starts the media server alone, as `make run` would configure it."""

import os
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from nonza.env import ROOT, STATE, env
from nonza.run import environment
from nonza.run.console import CannotGoOn
from nonza.run.media.config import MediaPorts
from nonza.run.media.find import find_or_get
from nonza.run.plan import Wishes, write_media_configuration
from nonza.run.ports import LOOPBACK
from nonza.run.steps import Checkout


class Command(BaseCommand):
    help = "Start the media server (LiveKit) alone, on this machine; it is fetched if it is not there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        wishes = Wishes()
        web_port = urlsplit(env.base_url).port or wishes.port
        parser.add_argument("--port", type=int, default=wishes.livekit_port, help="for HTTP and WebSocket")
        parser.add_argument(
            "--tcp-port", type=int, default=wishes.livekit_tcp_port, help="for media over TCP"
        )
        parser.add_argument(
            "--udp-port", type=int, default=wishes.livekit_udp_port, help="for media over UDP"
        )
        parser.add_argument(
            "--web-port", type=int, default=web_port, help="where Nonza listens for LiveKit's news"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        ports = MediaPorts(http=options["port"], tcp=options["tcp_port"], udp=options["udp_port"])
        try:
            environment.make_state(STATE)
            values = environment.read(ROOT, STATE)
            found = find_or_get(Checkout(ROOT), values)
            configuration = write_media_configuration(
                STATE, values, ports, f"http://{LOOPBACK}:{options['web_port']}"
            )
        except CannotGoOn as reason:
            raise CommandError(str(reason)) from reason
        if found.program is None:
            raise CommandError(found.sentence())
        self.stdout.write(f"Starting {found.program} at http://127.0.0.1:{ports.http}")
        self.stdout.flush()
        os.execv(found.program, [str(found.program), "--config", str(configuration)])
