"""The guard that the other tests rely on: it refuses what leaves, here and in started programs."""

from __future__ import annotations

import socket
import subprocess
import sys
import urllib.request

import pytest

OUTSIDE = "192.0.2.1"  # an address set aside for documents; nobody answers there
ASK = "import urllib.request as u; u.urlopen('http://example.org/', timeout=60)"


def test_connections_that_leave_are_refused() -> None:
    with socket.socket() as s, pytest.raises(OSError, match="must work offline"):
        s.connect((OUTSIDE, 80))
    with socket.socket() as s, pytest.raises(OSError, match="must work offline"):
        s.connect_ex((OUTSIDE, 80))
    with pytest.raises(OSError, match="offline only"):
        socket.getaddrinfo("example.org", 80)
    with pytest.raises(OSError, match="offline only"):
        urllib.request.urlopen("http://example.org/", timeout=60)


def test_loopback_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=60).close()
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=60).close()


def test_programs_that_a_test_starts_are_held_too() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and "offline only" in done.stderr
