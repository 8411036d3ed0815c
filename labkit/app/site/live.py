"""Explorers on pages: one page for each, and their places in the pages of notebooks.

In: an explorer, or what an executed notebook kept of one.  Out: a place in a page, which holds what
a kernel would have sent; ``assets/site.js`` and the explorer's own script bring it to life.  Where
no script runs, its still stands there.
"""

from __future__ import annotations

import base64
import functools
import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from labkit import data
from labkit.app import notebooks
from labkit.app.products import Product
from labkit.app.site import runs, scripts
from labkit.app.site.frame import HERE, Site, callout
from labkit.base.words import N_, _
from labkit.views import explorers
from labkit.views.explorers import base
from labkit.views.explorers.still import waking
from labkit.views.page import in_script

WIDGET = "application/vnd.jupyter.widget-view+json"
STATES = "application/vnd.jupyter.widget-state+json"
STILL = 'class="lx-still"'
CALLED = re.compile(r"\bexplorers\.(\w+)\(")

ABOUT = {
    "threshold": N_(
        "Two photographs become one score. Choose from which score on they are called one person,"
        " and see which people are then falsely matched and who is missed."
    ),
    "redraw": N_(
        "The same test with other people of the same town: how far from one another do honest"
        " tests come out?"
    ),
    "groups": N_(
        "The errors of each group at one threshold, with how far they could have moved. Choose"
        " matcher, groups and error."
    ),
    "game": N_("Pairs of photographs: one person, or two? Nothing is judged until the last pair."),
    "mixes": N_(
        "Networks that learned from different mixes of invented people, and whom each of them then"
        " takes for somebody else."
    ),
    "dial": N_(
        "One threshold for everybody: who is falsely matched and who is found, in counted people."
    ),
    "review": N_(
        "A photograph and the people whom a machine proposes: which of them is it, or is it nobody?"
        " Nothing is judged until the last one."
    ),
    "city": N_(
        "One invented person in a city with cameras: what two weeks of sightings come to, and how"
        " far a wrong match spoils them."
    ),
    "watchlist": N_(
        "Faces in a crowd are searched for on a list: how many alerts come, and how many are right?"
    ),
    "maker": N_(
        "One thing about an invented face is changed at a time: when does a matcher take it for"
        " another person, and when for the same one in another photograph?"
    ),
    "crowd": N_("A crowd, and which of its faces two detectors find from a size upwards."),
}
"""What each explorer is for; one that is not here shows its title alone."""


def products(site: Site) -> Iterator[Product]:
    """One page for each explorer, and their list."""
    where = homes(site)
    for name in explorers.ALL:
        rests_on, needs = site.code, tuple[str, ...]()
        if name in where:
            rests_on += (site.project / notebooks.SOURCE / f"{where[name]}.py").read_bytes()
            needs = (runs.need(where[name], "open"),)
        yield Product(
            address(name),
            title(name),
            rests_on,
            functools.partial(_page, site, name, where.get(name, "")),
            needs,
        )
    yield Product("explore/index.html", _("All explorers"), site.code, lambda: _list(site))


def address(name: str) -> str:
    """The page of an explorer."""
    return f"explore/{name}.html"


def title(name: str) -> str:
    """The heading of an explorer."""
    return str(explorers.ALL[name].words()["title"])


def homes(site: Site) -> dict[str, str]:
    """Explorer -> the first notebook that shows it."""
    found: dict[str, str] = {}
    for source in notebooks.sources(site.project):
        for name in CALLED.findall(source.read_text(encoding="utf-8")):
            if name in explorers.ALL:
                found.setdefault(name, source.stem)
    return found


def place(name: str, state: Mapping[str, Any], block: bytes, still: str = "") -> str:
    """The place of an explorer in a page.

    A page that has one loads ``scripts.EXPLORERS`` and ``scripts.of_explorer(name)`` too.

    Parameters
    ----------
    name
        Of the explorer, as in :data:`labkit.views.explorers.ALL`.
    state
        What it starts with, by the names in ``SENT``.
    block
        Its data.
    still
        What stands there as HTML where no script runs.
    """
    values = in_script(base.finite(dict(state)))
    held = base64.b64encode(block).decode("ascii")
    return (
        f'<div class="explorer" data-explorer="{html.escape(name)}">'
        f'<script type="application/json" data-state>{values}</script>'
        f'<script type="text/plain" data-block>{held}</script>'
        f"<noscript>{still}</noscript></div>"
    )


def place_of(view: base.Explorer) -> str:
    """The place of an explorer that was made here."""
    state = {name: getattr(view, name) for name in view.SENT}
    return place(view.NAME, state, view.data, without_waking(view.still().html))


def without_waking(still: str) -> str:
    """A still without the sentence that says how a notebook wakes it."""
    return still.replace(f"<p><em>{html.escape(waking())}</em></p>", "")


def placed(book: Any) -> list[str]:
    """Put places where an executed notebook showed explorers.

    Parameters
    ----------
    book
        Changed: each widget and its still become one output.

    Returns
    -------
    list of str
        The explorers it has, each once.
    """
    states = book.metadata.get("widgets", {}).get(STATES, {}).get("state", {})
    seen: list[str] = []
    for cell in book.cells:
        if cell.cell_type != "code":
            continue
        kept: list[Any] = []
        for output in cell.outputs:
            view = output.get("data", {}).get(WIDGET)
            if view is None:
                kept.append(output)
                continue
            known = _known(states.get(view["model_id"], {}))
            if known is None:
                stood = _standing(states, view["model_id"])
                if stood:
                    output["data"] = {"text/html": stood}
                    kept.append(output)
                continue
            still = ""
            if kept and STILL in kept[-1].get("data", {}).get("text/html", ""):
                still = without_waking(kept.pop()["data"]["text/html"])
            name, state, block = known
            output["data"] = {"text/html": place(name, state, block, still)}
            kept.append(output)
            seen.append(name)
        cell.outputs = kept
    return list(dict.fromkeys(seen))


def _known(model: Mapping[str, Any]) -> tuple[str, dict[str, Any], bytes] | None:
    """Name, state and data of an explorer; nothing for another widget."""
    state = model.get("state", {})
    for name, kind in explorers.ALL.items():
        if state.get("_anywidget_id") == f"{kind.__module__}.{kind.__qualname__}":
            block = next(b["data"] for b in model["buffers"] if b["path"] == ["data"])
            return name, {key: state[key] for key in kind.SENT}, base64.b64decode(block)
    return None


def _standing(states: Mapping[str, Any], model: str) -> str:
    """What another widget showed when the notebook ran, which a page cannot move."""
    shown = "".join(_values(states, model))
    return (
        f"{shown}<p class='note'>{_('In the notebook a slider moves this.')}</p>" if shown else ""
    )


def _values(states: Mapping[str, Any], model: str) -> Iterator[str]:
    state = states.get(model, {}).get("state", {})
    if state.get("_model_name") == "HTMLModel":
        yield str(state["value"])
    for child in state.get("children", ()):
        yield from _values(states, str(child).removeprefix("IPY_MODEL_"))


def shown(site: Site, name: str) -> str:
    """The place of an explorer with real data: a notebook's, or the lab's own.

    Raises
    ------
    ValueError
        When the notebook that shows it kept nothing of it.
    """
    where = homes(site).get(name)
    if where is None:
        return place_of(getattr(explorers, name)())
    book = runs.executed(site, where, "open")
    placed(book)
    for cell in book.cells:
        for output in cell.get("outputs", []):
            found = output.get("data", {}).get("text/html", "")
            if found.startswith(f'<div class="explorer" data-explorer="{name}"'):
                return str(found)
    raise ValueError(f"notebook {where} was run, but its explorer {name} left no data")


def _page(site: Site, name: str, where: str) -> str:
    return site.render(
        HERE / "explorer.html.j2",
        title=title(name),
        at=address(name),
        about=_(ABOUT[name]) if name in ABOUT else "",
        place=shown(site, name),
        name=name,
        styles=scripts.EXPLORERS,
        script=scripts.of_explorer(name),
        notebook=f"learn/{where}.html" if where else "",
        number=where[:2],
        limits=callout("limit", data.limits()),
        names=list(explorers.ALL),
        titles={one: title(one) for one in explorers.ALL},
        pages={one: address(one) for one in explorers.ALL},
    )


def _list(site: Site) -> str:
    where = homes(site)
    return site.render(
        HERE / "explorers.html.j2",
        title=_("Explore"),
        at="explore/index.html",
        items=[
            (address(one), title(one), _(ABOUT[one]) if one in ABOUT else "", where.get(one, ""))
            for one in explorers.ALL
        ],
    )
