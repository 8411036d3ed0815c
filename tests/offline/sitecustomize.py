"""Refuse every connection that would leave this computer.

In: nothing.  Out: sockets that reach loopback only.  Python imports this file by itself when its
folder is on ``PYTHONPATH``; ``conftest.py`` puts it there, so that the kernels and programs which
tests start are held to the promise as well: in use, the lab needs no network.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any


class LeavesThisComputer(OSError):
    """A program tried to reach the network while the tests ran."""


def stays_here(host: Any) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if not host or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return host == socket.gethostname()


def guard(name: str) -> None:
    real = getattr(socket.socket, name)

    def held(self: socket.socket, address: Any, *rest: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not stays_here(address[0]):
            raise LeavesThisComputer(f"the lab tried to reach {address}: it must work offline")
        return real(self, address, *rest)

    setattr(socket.socket, name, held)


if not hasattr(socket, "lab_is_offline"):
    socket.lab_is_offline = True  # type: ignore[attr-defined]
    for name in ("connect", "connect_ex"):
        guard(name)
    look_up = socket.getaddrinfo

    def held_look_up(host: Any, *rest: Any, **options: Any) -> Any:
        if not stays_here(host):
            raise LeavesThisComputer(f"the lab asked for the address of {host!r}: offline only")
        return look_up(host, *rest, **options)

    socket.getaddrinfo = held_look_up
