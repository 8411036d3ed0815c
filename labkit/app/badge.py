"""Links that open a copy of the lab with one click: ``python3 lab.py badge OWNER/REPO``.

In: where the copy lies on GitHub, and perhaps a branch and the address of a hub.  Out: Markdown for
its README: Binder, a JupyterHub with nbgitpuller, and GitHub Codespaces.

Started by its path with any Python from 3.8, as :mod:`labkit.app.update` is: only the standard
library is used here, and labkit is not imported.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from urllib.parse import quote, urlencode

FIRST = "notebooks/00_start_here.ipynb"
HUB = "https://hub.example.org"
"""Stands for a hub where none was named."""

SENTENCES = {
    "not a place": "{given!r} is no place on GitHub: give the owner and the name of the copy, as"
    " in 'badge anna/face-lab'",
    "no branch": "{given!r} can be no branch: give its name as GitHub shows it, as in --branch"
    " main",
    "no hub": "{given!r} is no address of a hub: give it as the browser shows it, as in --hub"
    " https://hub.example.org",
    "named": "the hub's link names {hub}: give yours with --hub",
}


class NoLink(ValueError):
    """What was given leads nowhere; its text is one sentence that says what to give."""

    def __init__(self, sentence: str, given: str) -> None:
        super().__init__(SENTENCES[sentence].format(given=given))


def links(place: str, branch: str = "", hub: str = HUB) -> dict[str, str]:
    """Address of each service that opens a copy of the lab.

    Parameters
    ----------
    place
        ``owner/name`` on GitHub; its address is read too.
    branch
        A branch; without one, the copy's own main branch.
    hub
        Address of a JupyterHub on which nbgitpuller is installed.

    Raises
    ------
    NoLink
        With one sentence, for what is no place, branch or hub.

    Examples
    --------
    >>> links("anna/face-lab")["Binder"]
    'https://mybinder.org/v2/gh/anna/face-lab/HEAD?urlpath=lab%2Ftree%2Fnotebooks%2F00_start_here.ipynb'
    """
    found = re.fullmatch(
        r"(?:https://github\.com/)?([A-Za-z0-9-]+)/([\w.-]+?)(?:\.git)?/?", place, re.ASCII
    )
    if not found or found[2] in (".", ".."):
        raise NoLink("not a place", place)
    owner, name = found[1], found[2]
    if branch and (re.search(r"[\s~^:?*\[\\]|\.\.|//|@\{", branch) or branch[0] in "-/."):
        raise NoLink("no branch", branch)
    if not re.fullmatch(r"https?://[\w.-]+(:\d+)?(/[\w./-]*)?", hub, re.ASCII):
        raise NoLink("no hub", hub)
    ref = quote(branch or "HEAD", safe="")
    pulled = {"repo": f"https://github.com/{owner}/{name}"}
    if branch:
        pulled["branch"] = branch
    pulled["urlpath"] = f"lab/tree/{name}/{FIRST}"
    codespace = f"https://codespaces.new/{owner}/{name}"
    if branch:
        codespace += f"/tree/{quote(branch)}"
    binder = urlencode({"urlpath": f"lab/tree/{FIRST}"})
    return {
        "Binder": f"https://mybinder.org/v2/gh/{owner}/{name}/{ref}?{binder}",
        "JupyterHub": f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(pulled)}",
        "Codespaces": codespace,
    }


PICTURES = {
    "Binder": "https://mybinder.org/badge_logo.svg",
    "Codespaces": "https://github.com/codespaces/badge.svg",
}


def markdown(found: dict[str, str]) -> str:
    """The links as lines for a README; a badge where the service draws one."""
    lines = []
    for name, address in found.items():
        text = f"Open the lab on {name}"
        shown = f"![{text}]({PICTURES[name]})" if name in PICTURES else text
        lines.append(f"[{shown}]({address})")
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Print the links; 0 when they were made, 1 with one sentence when not."""
    parser = argparse.ArgumentParser(prog="lab.py badge", description=str(__doc__).splitlines()[0])
    parser.add_argument("place", metavar="OWNER/REPO", help="your copy on GitHub")
    parser.add_argument("--branch", default="", help="a branch (the copy's main one)")
    parser.add_argument("--hub", default=HUB, help="address of your JupyterHub")
    given = parser.parse_args(list(words))
    try:
        print(markdown(links(given.place, given.branch, given.hub)))
    except NoLink as error:
        print(f"lab: {error}", file=sys.stderr)
        return 1
    if given.hub == HUB:
        print("lab: " + SENTENCES["named"].format(hub=HUB), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
