"""Rows that can be searched in the browser: what pages with a search share.

In: sentences.  Out: the script ``assets/rows.js``, which shows the rows that hold what is typed and
says how many these are.  Without it all rows are there, and nothing that would do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.app.products import Product
from labkit.base.words import _

if TYPE_CHECKING:
    from labkit.app.site.frame import Site

SCRIPT = "assets/rows.js"
SOURCE = Path(__file__).resolve().parent / "js" / "rows.js"


def products(site: Site) -> Iterator[Product]:
    """The script."""
    from labkit.app.site.scripts import bundle

    yield Product(SCRIPT, _("Search on a page"), site.code, lambda: bundle(SOURCE))


def spoken(sentences: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Sentences for the script, as a page gives them to its scripts.

    Parameters
    ----------
    sentences
        ``all``, ``some``, ``one``, ``none`` (with ``{shown}`` and ``{all}``) and ``count``, which
        stands beside a heading.

    Examples
    --------
    >>> spoken({"all": "All {all} rows are shown."})
    {'rows': {'all': 'All {all} rows are shown.'}}
    """
    return {"rows": {key: _(words) for key, words in sentences.items()}}
