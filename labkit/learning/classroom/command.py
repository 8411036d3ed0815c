"""The command ``python -m labkit class FOLDER``.

In: a folder of exported journals.  Out: one HTML file, and one printed sentence for every file that
was passed over.
"""

from __future__ import annotations

from pathlib import Path

from labkit.base.files import write_whole
from labkit.base.words import _, put
from labkit.learning.classroom.counted import clean, counted
from labkit.learning.classroom.folder import read_folder
from labkit.learning.classroom.page import html


def run(folder: Path, out: Path, *, title: str = "", names: bool = False) -> None:
    """Make the page.

    Parameters
    ----------
    folder
        Where the journals lie.
    out
        The file to write; it may lie in the folder.
    title
        The page's heading.
    names
        Whether the page lists the names that learners gave their files.

    Raises
    ------
    ValueError
        With one sentence, when there is no journal, or ``out`` is no name of a page.
    OSError
        When ``out`` cannot be written.
    """
    if out.suffix.lower() not in (".html", ".htm"):
        sentence = _("{out} is no name of a page: give a file name that ends in .html")
        raise ValueError(sentence.format(out=out))
    found = read_folder(folder, but=out)
    for passed in found.passed:
        put(passed.sentence)
    if not found.journals:
        sentence = _("{folder} holds no journal that can be counted: nothing was written")
        raise ValueError(sentence.format(folder=folder))
    given = sorted(journal.name for journal in found.journals if journal.name) if names else []
    text = html(
        counted(found.journals),
        found.passed,
        title=clean(title) or _("What this class found"),
        names=given,
    )
    write_whole(out, text.encode())
    words = _(
        "{out}: {journals:,} journals counted, {passed:,} files passed over; open it in a browser"
    )
    put(words.format(out=out, journals=len(found.journals), passed=len(found.passed)))
