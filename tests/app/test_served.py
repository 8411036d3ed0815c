"""Settings for a server that somebody else starts, and a server that keeps to them."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta

import pytest
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from labkit.app import command, served


def test_what_is_there_stays(tmp_path):
    there = {"ServerApp": {"ip": "*"}, "MappingKernelManager": {"default_kernel_name": "r"}}
    path = tmp_path / served.SERVER
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(there))
    assert served.write(tmp_path) == [path, tmp_path / served.PAGE]
    now = json.loads(path.read_text())
    assert now["ServerApp"] == there["ServerApp"]
    assert now["MappingKernelManager"].pop("default_kernel_name") == "r"
    assert now["MappingKernelManager"] == {
        "cull_idle_timeout": 600,
        "cull_interval": 60,
        "cull_connected": True,
        "cull_busy": False,
    }
    page = json.loads((tmp_path / served.PAGE).read_text())
    assert page["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert served.write(tmp_path) and json.loads(path.read_text())["ServerApp"] == {"ip": "*"}


def test_what_cannot_be_is_one_sentence(tmp_path, monkeypatch, capsys):
    with pytest.raises(ValueError, match="--idle 0 would end every kernel"):
        served.write(tmp_path, idle=0)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(served, "PROJECT", tmp_path)
        with pytest.raises(ValueError, match=r"has no lab\.py"):
            served.write(tmp_path)
    (tmp_path / "etc/jupyter").mkdir(parents=True)
    (tmp_path / served.SERVER).write_text("{")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert command.main(["served"]) == 2
    assert "is no JSON: mend or remove it" in capsys.readouterr().err


@pytest.mark.slow
def test_a_kernel_that_idles_is_ended_though_its_page_is_open(tmp_path, monkeypatch) -> None:
    """A server reads what was written, and ends a kernel that has not computed for ten minutes."""
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str((tmp_path / served.SERVER).parent))
    served.write(tmp_path)
    server = ServerApp()
    server.load_config_file()
    kernels = AsyncMappingKernelManager(config=server.config)

    async def ended(state: str, seconds: int) -> bool:
        """Whether a kernel is ended that was so for so long, with one page open."""
        number = await kernels.start_kernel(kernel_name="python3")
        kernel = kernels.get_kernel(number)
        kernel.execution_state = state
        kernel.last_activity = datetime.now(UTC) - timedelta(seconds=seconds)
        kernels.notify_connect(number)
        await kernels.cull_kernel_if_idle(number)
        try:
            return number not in kernels
        finally:
            await kernels.shutdown_all(now=True)

    async def all_of_it() -> None:
        assert await ended("idle", served.IDLE + 1)
        assert not await ended("idle", served.IDLE // 2)
        assert not await ended("busy", 10 * served.IDLE)

    asyncio.run(all_of_it())
