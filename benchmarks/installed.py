"""How much of a disk an installation takes: ``python benchmarks/installed.py``.

Adds up, for every package that ``requirements.lock`` names and that is here, what its files and
their byte-code take on the disk, and writes it to ``benchmarks/results/installed.md``.
"""

from __future__ import annotations

import platform
import re
import sys
from importlib import metadata, util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from labkit.base.files import write_whole  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results" / "installed.md"
BLOCK = 4096
"""Bytes that a disk gives at once."""


def taken(package: str) -> int:
    """Bytes that a package takes; 0 when it is not here."""
    try:
        listed = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return 0
    files = {Path(str(name.locate())).resolve() for name in listed}
    files |= {Path(util.cache_from_source(str(f))) for f in files if f.suffix == ".py"}
    sizes = (file.stat().st_size for file in files if file.is_file())
    return sum(-(-size // BLOCK) * BLOCK for size in sizes)


def main() -> int:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    sizes = [taken(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)]
    text = (
        "# What an installation takes\n\n"
        f"{sum(map(bool, sizes))} packages of `requirements.lock`, byte-code included:"
        f" {sum(sizes) / 1e9:.2f} GB.\n\nMeasured with Python {platform.python_version()} on"
        f" {platform.system()} {platform.machine()} by `python benchmarks/installed.py`.\n"
    )
    print(text)
    write_whole(RESULTS, text.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main())
