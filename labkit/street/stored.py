"""The files of ``data/street``, each compared with its checksum before it is used.

In: the name of a file.  Out: a table, an array or bytes.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from labkit.base.files import CHECKSUMS, DamagedFile, read_checked, read_checksums
from labkit.data import STREET, data_folder

if TYPE_CHECKING:
    import pandas as pd


def read(name: str, data: Path | None = None) -> bytes:
    """The bytes of a file.

    Raises
    ------
    DamagedFile
        When it is missing, cut short or changed.
    """
    folder = (data_folder() if data is None else Path(data)) / STREET
    if not (folder / CHECKSUMS).is_file():
        raise DamagedFile(f"{folder} is not complete: make it with `python -m labkit make street`")
    return read_checked(folder, name, read_checksums(folder))


def table(name: str, data: Path | None = None) -> pd.DataFrame:
    """A table, as it was written."""
    import pandas as pd

    return pd.read_csv(io.BytesIO(read(name, data)), keep_default_na=False, na_values=[""])


def array(name: str, data: Path | None = None) -> NDArray[Any]:
    """An array; half precision becomes float32."""
    found = np.load(io.BytesIO(read(name, data)), allow_pickle=False)
    return found.astype(np.float32) if found.dtype == np.float16 else found
