"""Datasheets as pages, with their index, and the handout of one sheet.

In: ``data/*/DATASHEET.md``, the cards of the networks, ``instructors/handout.md``.  Out:
``data/index.html``, a page for each datasheet, the pictures they show, and
``teach/handout.html``.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.app.kit import documents
from labkit.app.products import Product
from labkit.app.site import prose
from labkit.app.site.frame import picture_file, way
from labkit.base.codec import decode, encode
from labkit.base.words import N_, _

if TYPE_CHECKING:
    from labkit.app.site.frame import Site

HERE = Path(__file__).resolve().parent
SHEETS = "data/*/DATASHEET.md"
CARDS = "data/networks/cards/*.md"
CARDS_AT = "data/networks_cards.html"
INDEX = "data/index.html"
HANDOUT = "instructors/handout.md"
HANDOUT_AT = "teach/handout.html"
QUALITY = 82
"""Of the pictures of a datasheet, as WebP: a fifth of their size."""

ABOUT = {
    "anytown": N_(
        "Who the invented people are, how they are drawn, and what must not be done with"
        " them. Read this first."
    ),
    "causes": N_("The same people before cameras of known exposure: controls for the camera."),
    "counterfactual": N_("The same people at several tones and under several cameras."),
    "gallery": N_("Three galleries of invented people to search among, as templates."),
    "maker": N_("The strips of the face maker: one face, one parameter changed at a time."),
    "models": N_("The two networks that others trained: what is known of it, and what is not."),
    "networks": N_("Networks that were trained here, on invented people alone."),
    "published": N_("The published record: by which rules it was read, and what was left out."),
    "remedies": N_("What remedies did to people on whom nothing was chosen."),
    "street": N_("Crowds, passages past cameras, and what a person reviews."),
    "teaching": N_(
        "Populations in which a cause was built in on purpose, to see what an audit finds."
    ),
}
"""Each datasheet in one sentence, by its folder."""

NAMED = re.compile(r"<code>([\w./]*DATASHEET\.md)</code>")


def products(site: Site) -> Iterator[Product]:
    """A page for each datasheet, their index, and the handout."""
    found = sorted(site.project.glob(SHEETS))
    for path in found:
        yield _sheet(site, path)
    cards = sorted(site.project.glob(CARDS))
    texts = {path: path.read_text("utf-8") for path in (*found, *cards)}
    rests_on = site.code + "".join(texts.values()).encode()
    if cards:
        yield Product(
            CARDS_AT,
            _("The networks trained here: a card for each"),
            rests_on,
            functools.partial(_cards, site, [texts[path] for path in cards]),
        )
    yield Product(INDEX, _("Where the data comes from"), rests_on, lambda: _index(site, texts))
    text = (site.project / HANDOUT).read_text("utf-8")
    yield Product(
        HANDOUT_AT,
        _("The handout: one sheet of paper, printed on both sides"),
        site.code + text.encode(),
        lambda: _handout(site, text),
    )


def at_of(path: Path) -> str:
    """The address of the page of a datasheet.

    Examples
    --------
    >>> at_of(Path("data/gallery/DATASHEET.md"))
    'data/gallery.html'
    """
    return f"data/{path.parent.name}.html"


# ---- datasheets ---------------------------------------------------------------------------------


def _sheet(site: Site, path: Path) -> Product:
    text = path.read_text("utf-8")
    pictures = {name: (path.parent / name).read_bytes() for name in pictures_of(text)}
    return Product(
        at_of(path),
        prose.title_of(text),
        site.code + text.encode() + b"".join(pictures.values()),
        lambda: _sheet_page(site, path, text, pictures),
    )


def pictures_of(text: str) -> list[str]:
    """The pictures that a text in Markdown shows.

    Examples
    --------
    >>> pictures_of("![A face](face.png) and [a link](other.png)")
    ['face.png']
    """
    return re.findall(r"!\[[^\]]*\]\(([\w.-]+\.png)\)", text)


def _sheet_page(
    site: Site, path: Path, text: str, pictures: Mapping[str, bytes]
) -> dict[str, str | bytes]:
    """The page, and the pictures that it shows, smaller than they lie beside the text."""
    at, file = at_of(path), path.relative_to(site.project).as_posix()
    content = NAMED.sub(_led(site, file, at), prose.as_html(text, file, at))
    made: dict[str, str | bytes] = {}
    for name, png in pictures.items():
        webp = encode(decode(png), QUALITY)
        place = picture_file(webp, "webp")
        content = content.replace(f'<img src="{name}"', f'<img src="{way(at, place)}"')
        made[place] = webp
    made[at] = site.render(
        HERE / "sheet.html.j2",
        title=prose.title_of(text),
        at=at,
        content=content,
        english=site.language != "en",
        beside=[(CARDS_AT, _("A card for each network"))] if path.parent.name == "networks" else [],
    )
    return made


def _led(site: Site, file: str, at: str) -> Callable[[re.Match[str]], str]:
    """Turns the name of another datasheet into a link with its title."""
    lead = prose.leading(file, at)

    def led(found: re.Match[str]) -> str:
        place = (site.project / file).parent / found[1]
        if not place.is_file():
            return found[0]
        title = html.escape(prose.title_of(place.read_text("utf-8")))
        return f'<a href="{lead(found[1])}">{title}</a>'

    return led


def _index(site: Site, texts: dict[Path, str]) -> str:
    sheets = [
        (at_of(path), prose.title_of(text), _(ABOUT[path.parent.name]))
        for path, text in texts.items()
        if path.name == "DATASHEET.md"
    ]
    return site.render(
        HERE / "sheets.html.j2",
        title=_("Where the data comes from"),
        at=INDEX,
        sheets=sheets,
        cards=CARDS_AT if any(path.parent.name == "cards" for path in texts) else "",
        english=site.language != "en",
    )


def _cards(site: Site, texts: list[str]) -> str:
    cards = []
    for text in texts:
        title = prose.title_of(text)
        name = documents.anchor_of(title)
        body = prose.unboxed(text, "data/networks/cards/card.md", CARDS_AT)
        # All cards have the same headings: they go below the card's, at addresses of their own.
        body = re.sub(r'<h2 id="([^"]+)">(.*?)</h2>', rf'<h3 id="{name}-\1">\2</h3>', body)
        cards.append((name, title, body))
    page = site.render(
        HERE / "cards.html.j2",
        title=_("The networks trained here: a card for each"),
        at=CARDS_AT,
        cards=cards,
        english=site.language != "en",
    )
    return prose.boxed(page)


# ---- the handout --------------------------------------------------------------------------------


def _handout(site: Site, text: str) -> str:
    from labkit.app.kit.facts import facts

    filled = documents.fill(text, facts())
    content = prose.as_html(filled, HANDOUT, HANDOUT_AT)
    return site.render(
        HERE / "handout.html.j2",
        title=prose.title_of(filled),
        at=HANDOUT_AT,
        content=content,
        english=site.language != "en",
    )
