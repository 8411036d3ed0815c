"""A file that a command makes: written when it is out of step, or only said to be.

In: what the file should hold.  Out: the file, whole, and one line on the terminal.
"""

from __future__ import annotations

from pathlib import Path

from labkit.base.files import write_whole


def keep(project: Path, name: Path, text: str, *, of: str, command: str, only_check: bool) -> int:
    """Write a file that is out of step, or say so; 1 when it is and only a check was asked for.

    Parameters
    ----------
    project
        The lab's folder.
    name
        The file, as seen from there.
    text
        What it should hold.
    of
        What it is made of, in words.
    command
        What makes it, as typed.
    only_check
        Write nothing.

    Examples
    --------
    >>> import tempfile
    >>> folder, made = tempfile.TemporaryDirectory(), dict(of="it", command="make it")
    >>> keep(Path(folder.name), Path("sum"), "2", **made, only_check=True)
    sum is out of step with it: run make it
    1
    >>> keep(Path(folder.name), Path("sum"), "2", **made, only_check=False)
    sum: written
    0
    >>> keep(Path(folder.name), Path("sum"), "2", **made, only_check=True)
    sum: in step
    0
    >>> folder.cleanup()
    """
    path = project / name
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        print(f"{name}: in step")
        return 0
    if only_check:
        print(f"{name} is out of step with {of}: run {command}")
        return 1
    write_whole(path, text.encode())
    print(f"{name}: written")
    return 0
