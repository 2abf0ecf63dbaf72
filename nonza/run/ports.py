"""Which ports are free on this machine."""

import socket

from nonza.run.console import CannotGoOn

LOOPBACK = "127.0.0.1"
ANY_FREE = 0
PORTS = 65536


def is_free(port: int, *, host: str = LOOPBACK, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(host: str, port: int, *, seconds: float = 3.0) -> bool:
    """True if somebody accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=seconds).close()
    except OSError:
        return False
    return True


def web_port(wanted: int, *, host: str = LOOPBACK) -> int:
    """The wanted port; CannotGoOn with the sentence for a taken one. 0 means any free one."""
    if wanted == ANY_FREE:
        return free_port()
    if not 0 < wanted < PORTS:
        raise CannotGoOn(
            f"{wanted} is not a port: choose one from 1 to 65535, for example with `make run PORT=8001`."
        )
    # Browsers may take `localhost` for the IPv6 address, so nobody else may answer there either.
    if not is_free(wanted, host=host) or answers("::1", wanted, seconds=0.5):
        other = next(
            (port for port in range(wanted + 1, min(wanted + 100, PORTS)) if is_free(port, host=host)), 0
        )
        raise CannotGoOn(
            f"Port {wanted} is taken by another program (or by another Nonza): stop it, or choose another "
            f"port, for example with `make run PORT={other or 8001}`."
        )
    return wanted


def inner_port(
    usual: int, *, kind: socket.SocketKind = socket.SOCK_STREAM, not_these: frozenset[int] = frozenset()
) -> int:
    """The usual port of a service that only Nonza talks to, else any free one."""
    if usual not in not_these and usual != ANY_FREE and is_free(usual, kind=kind):
        return usual
    return free_port(kind=kind)


def free_port(*, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((LOOPBACK, ANY_FREE))
        port: int = probe.getsockname()[1]
    return port
