"""A media server that somebody else runs is asked before it is relied on."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import jwt
import pytest

from nonza.run.media.foreign import trouble_with
from nonza.run.ports import free_port

SECRET = "the-secret-of-the-other-server-0123456789"
VALUES = {"NONZA_LIVEKIT_API_KEY": "theirs", "NONZA_LIVEKIT_API_SECRET": SECRET}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"])
            status = 200 if claims["iss"] == "theirs" and claims["video"] == {"roomList": True} else 401
        except jwt.InvalidTokenError:
            status = 401
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"rooms": []}).encode()
        self.send_response(status if self.path.endswith("/ListRooms") else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the terminal quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_server_that_knows_the_key_gives_no_trouble(server: str, scheme: str) -> None:
    assert trouble_with(f"{scheme}://{server}", VALUES) == []


def test_server_that_does_not_know_the_key_is_told(server: str) -> None:
    other = {**VALUES, "NONZA_LIVEKIT_API_SECRET": "another-secret-0123456789-0123456789"}
    (sentence,) = trouble_with(f"http://{server}", other)
    assert "refuses NONZA_LIVEKIT_API_KEY" in sentence
    assert "everything else works" in sentence


def test_server_that_is_not_there_is_told() -> None:
    (sentence,) = trouble_with(f"http://127.0.0.1:{free_port()}", VALUES)
    assert "does not answer" in sentence
