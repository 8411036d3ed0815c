"""Links that open a copy with one click: where they lead, and what leads nowhere."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from labkit.app import badge
from labkit.base.places import PROJECT


def test_what_the_services_read():
    """Each part as Binder's and nbgitpuller's own code take it out of the address."""
    found = badge.links("anna/face-lab", "class/2027", "https://hub.school.example/lab/")
    binder = urlsplit(found["Binder"])
    provider, owner, name, ref = binder.path.removeprefix("/v2/").split("/")
    assert (provider, owner, name, unquote(ref)) == ("gh", "anna", "face-lab", "class/2027")
    opened = parse_qs(binder.query)["urlpath"][0].removeprefix("lab/tree/")
    assert (PROJECT / opened).is_file()
    hub = urlsplit(found["JupyterHub"])
    assert (hub.netloc, hub.path) == ("hub.school.example", "/lab/hub/user-redirect/git-pull")
    assert parse_qs(hub.query) == {
        "repo": ["https://github.com/anna/face-lab"],
        "branch": ["class/2027"],
        "urlpath": [f"lab/tree/face-lab/{opened}"],
    }
    assert found["Codespaces"] == "https://codespaces.new/anna/face-lab/tree/class/2027"


@pytest.mark.parametrize(
    "place", ["https://github.com/anna/face-lab", "https://github.com/anna/face-lab.git",
              "anna/face-lab/"]
)  # fmt: skip
def test_the_address_itself_may_be_given(place):
    found = badge.links(place)
    assert found == badge.links("anna/face-lab")
    assert "/face-lab/HEAD?" in found["Binder"] and "branch" not in found["JupyterHub"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["anna"], "'anna' is no place on GitHub: give the owner"),
        (["anna/lab/more"], "no place on GitHub"),
        (["anna/.."], "no place on GitHub"),
        (["https://gitlab.com/anna/lab"], "no place on GitHub"),
        (["anna/lab", "--branch", "a b"], "'a b' can be no branch"),
        (["anna/lab", "--branch", "a..b"], "can be no branch"),
        (["anna/lab", "--hub", "hub.school.example"], "no address of a hub"),
        (["anna/lab", "--hub", "https://hub/?x"], "no address of a hub"),
    ],
)
def test_what_leads_nowhere_is_one_sentence(words, sentence, capsys):
    assert badge.main(words) == 1
    out, err = capsys.readouterr()
    assert not out and sentence in err and err.count("\n") == 1


def test_what_is_printed_can_be_pasted(capsys):
    assert badge.main(["anna/face-lab", "--hub", "https://hub.school.example"]) == 0
    out, err = capsys.readouterr()
    assert not err
    lines = out.splitlines()
    assert [line.split("](")[-1][:-1] for line in lines] == list(
        badge.links("anna/face-lab", hub="https://hub.school.example").values()
    )
    assert lines[0].startswith("[![Open the lab on Binder](https://mybinder.org/badge_logo.svg)](")
    assert badge.main(["anna/face-lab"]) == 0
    assert "hub.example.org: give yours with --hub" in capsys.readouterr().err
