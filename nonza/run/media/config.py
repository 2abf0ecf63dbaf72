"""The configuration of a LiveKit server that serves the browsers of this machine only."""

from dataclasses import dataclass

from nonza.run.console import CannotGoOn

SHORTEST_SECRET = 32

TEMPLATE = """\
# Made by `make run` at every start; changes here are lost.
port: {http}
bind_addresses: ["127.0.0.1"]
rtc:
  udp_port: {udp}
  tcp_port: {tcp}
  use_external_ip: false
  node_ip: 127.0.0.1
  # Without these two, media would silently take the slower way over TCP.
  enable_loopback_candidate: true
  ips:
    includes: ["127.0.0.1/32"]
  # Else browsers would be sent to a public STUN server.
  stun_servers: ["127.0.0.1:3478"]
room:
  # Nonza makes each room before it lets anybody in.
  auto_create: false
  # Nobody's microphone is switched on but by its owner.
  enable_remote_unmute: false
keys:
  "{key}": "{secret}"
webhook:
  api_key: "{key}"
  urls: ["{webhook}"]
logging:
  level: info
  # Nonza asks who is there every few seconds; nobody wants to read that.
  component_levels:
    api: warn
  pion_level: error
"""


@dataclass(frozen=True)
class MediaPorts:
    http: int
    tcp: int
    udp: int


def livekit_yaml(ports: MediaPorts, *, key: str, secret: str, web: str) -> str:
    """The text of livekit.yaml, with Nonza's news to `web`; CannotGoOn if key or secret cannot serve."""
    if len(secret) < SHORTEST_SECRET:
        raise CannotGoOn(
            f"NONZA_LIVEKIT_API_SECRET has {len(secret)} characters, and LiveKit asks for {SHORTEST_SECRET}: "
            "set a longer one, or unset it and Nonza makes one."
        )
    if any(sign in key + secret for sign in '"\\\n') or ":" in key:
        raise CannotGoOn(
            "NONZA_LIVEKIT_API_KEY and NONZA_LIVEKIT_API_SECRET may hold no quotes, backslashes or "
            "line breaks, and the key no colon."
        )
    return TEMPLATE.format(
        http=ports.http,
        udp=ports.udp,
        tcp=ports.tcp,
        key=key,
        secret=secret,
        webhook=f"{web}/api/v1/livekit/webhook/",
    )
