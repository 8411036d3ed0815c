"""What holds for every test: no connection leaves this computer, and no journal is a learner's."""

from __future__ import annotations

import os
import runpy
import tempfile
from pathlib import Path

import hypothesis
import pytest

HERE = Path(__file__).parent
OFFLINE = HERE / "offline"
# What `lab.py test --quick` leaves out beside the tests marked slow: pages in a browser, the
# benchmarks, and the renderer, which is frozen.
LEFT_OUT = ("browser", "benchmarks", "people")

# Tests are shared out over the cores: a sum on several threads as well would only make them wait.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# No test depends on how fast a computer is.
hypothesis.settings.register_profile("lab", deadline=None)
hypothesis.settings.load_profile("lab")

# This process, and every Python that a test starts.
runpy.run_path(str(OFFLINE / "sitecustomize.py"))
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(OFFLINE), *filter(None, [os.environ.get("PYTHONPATH")])]
)
# What tests read is English, whatever language the computer of whoever runs them speaks.
os.environ["LANGUAGE"] = "en"
# Tests must not write into the journal of whoever runs them.
FOLDER = tempfile.TemporaryDirectory(prefix="lab-tests-")  # removed when this process ends
os.environ["LABKIT_JOURNAL"] = str(Path(FOLDER.name) / "journal.json")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whole folders as slow."""
    for item in items:
        if any(item.path.is_relative_to(HERE / folder) for folder in LEFT_OUT):
            item.add_marker("slow")
