"""What holds for every test: no connection leaves this computer, and no journal is a learner's."""

from __future__ import annotations

import os
import runpy
import tempfile
from pathlib import Path

OFFLINE = Path(__file__).parent / "offline"

# This process, and every Python that a test starts.
runpy.run_path(str(OFFLINE / "sitecustomize.py"))
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(OFFLINE), *filter(None, [os.environ.get("PYTHONPATH")])]
)
# Tests must not write into the journal of whoever runs them.
FOLDER = tempfile.TemporaryDirectory(prefix="lab-tests-")  # removed when this process ends
os.environ["LABKIT_JOURNAL"] = str(Path(FOLDER.name) / "journal.json")
