"""Datasheets as pages, with their index, and the handout of one sheet.

In: ``data/*/DATASHEET.md``, the cards of the networks, ``instructors/handout.md``.  Out:
``data/index.html``, a page for each datasheet, the pictures they show, and
``teach/handout.html``.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.app.kit import documents
from labkit.app.products import Product
from labkit.app.site import prose
from labkit.app.site.frame import way
from labkit.base.codec import decode, encode
from labkit.base.words import _

if TYPE_CHECKING:
    from labkit.app.site.frame import Site

HERE = Path(__file__).resolve().parent
SHEETS = "data/*/DATASHEET.md"
CARDS = "data/networks/cards/*.md"
CARDS_AT = "data/networks_cards.html"
INDEX = "data/index.html"
HANDOUT = "instructors/handout.md"
HANDOUT_AT = "teach/handout.html"
PICTURES = "assets/pictures"
QUALITY = 82
"""Of the pictures of a datasheet, as WebP: a fifth of their size."""


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
    content = prose.as_html(text, file, at)
    made: dict[str, str | bytes] = {}
    for name, png in pictures.items():
        webp = encode(decode(png), QUALITY)
        place = f"{PICTURES}/{hashlib.sha256(webp).hexdigest()[:16]}.webp"
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


def _index(site: Site, texts: dict[Path, str]) -> str:
    sheets = [
        (at_of(path), prose.title_of(text), first_words(text))
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


def first_words(text: str) -> str:
    """The first paragraph of a text in Markdown, as plain words.

    Examples
    --------
    >>> first_words("# Title\\n\\nEverybody is *invented*, see [there](x.md).\\n\\nMore.")
    'Everybody is invented, see there.'
    """
    body = re.sub(r"\A\s*# .+\n+", "", text)
    paragraphs = (part for part in re.split(r"\n\s*\n", body) if not re.match(r"[#|>!\-]", part))
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", next(paragraphs, ""))
    return " ".join(re.sub(r"[*`]", "", words).split())


def _cards(site: Site, texts: list[str]) -> str:
    cards = []
    for text in texts:
        title = prose.title_of(text)
        name = documents.anchor_of(title)
        body = prose.as_html(text, "data/networks/cards/card.md", CARDS_AT)
        # Twenty cards have the same headings: below that of the card, each at an address of its own.
        body = re.sub(r'<h2 id="([^"]+)">(.*?)</h2>', rf'<h3 id="{name}-\1">\2</h3>', body)
        cards.append((name, title, body))
    return site.render(
        HERE / "cards.html.j2",
        title=_("The networks trained here: a card for each"),
        at=CARDS_AT,
        cards=cards,
        english=site.language != "en",
    )


# ---- the handout --------------------------------------------------------------------------------


def _handout(site: Site, text: str) -> str:
    from labkit.app.kit.facts import facts

    filled = documents.fill(text, facts())
    content = prose.as_html(filled, HANDOUT, HANDOUT_AT)
    return site.render(
        HERE / "handout.html.j2",
        title=prose.title_of(filled),
        at=HANDOUT_AT,
        content=content.replace(' tabindex="0" role="region"', ""),
        english=site.language != "en",
    )
