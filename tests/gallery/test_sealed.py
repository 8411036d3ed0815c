"""The order of X and Y: fixed before anybody looks, told by nothing, found again at the end."""

from __future__ import annotations

import functools
import hashlib
import json

import numpy as np
import pandas as pd
import pytest

from labkit.gallery import sealed
from labkit.learning import journal
from lessons.nb09 import words

SECRETS = [f"{k:032x}" for k in range(64)]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_JOURNAL", str(tmp_path / "journal.json"))
    return tmp_path / "journal.json"


def test_the_seal_fixes_the_order():
    """Whoever wanted to swap X and Y afterwards would need another letter with the same seal."""
    order = sealed.Sealed(SECRETS[5])
    assert order.seal == hashlib.sha256(order.letter.encode()).hexdigest()
    one, two = order.stored("X"), order.stored("Y")
    swapped = f"{SECRETS[5]} X={two} Y={one}"
    assert swapped != order.letter
    assert hashlib.sha256(swapped.encode()).hexdigest() != order.seal


def test_the_letter_tells_the_order_of_whoever_opens_it():
    for order in map(sealed.Sealed, SECRETS):
        named = dict(part.split("=") for part in order.letter.split()[1:])
        assert named == {name: order.stored(name) for name in ("X", "Y")}


def test_neither_the_seal_nor_the_secret_tells_the_order():
    """Both orders are as common, whatever the first or last letter of what is shown."""
    first = np.array([sealed.Sealed(s).stored("X") == "one" for s in SECRETS * 4])
    assert 0.3 < first.mean() < 0.7
    many = [f"{k:032x}" for k in range(2000)]
    orders = [sealed.Sealed(s) for s in many]
    x = np.array([o.stored("X") == "one" for o in orders])
    for shown in (many, [o.seal for o in orders]):
        for place in (0, -1):
            digit = np.array([int(s[place], 16) % 2 for s in shown], bool)
            assert abs(np.mean(digit == x) - 0.5) < 0.06
    assert "one" not in repr(orders[0]) and SECRETS[0] not in repr(sealed.Sealed(SECRETS[0]))


def test_two_learners_have_two_orders():
    assert {sealed.Sealed(s).stored("X") for s in SECRETS} == set(sealed.STORED)
    assert sealed.Sealed(SECRETS[0]).stored("X") != sealed.Sealed(SECRETS[0]).stored("Y")


@pytest.mark.parametrize("secret", ["", "one", "G" * 32, 7, None, "0" * 31])
def test_what_is_no_secret_is_refused(secret):
    assert not sealed.is_secret(secret)
    with pytest.raises(ValueError, match="32 of the letters"):
        sealed.Sealed(secret)


def test_only_x_and_y_are_sealed():
    with pytest.raises(ValueError, match="'X' or 'Y'"):
        sealed.Sealed(SECRETS[0]).stored("one")


# ---- the journal --------------------------------------------------------------------------------


def test_running_again_gives_the_same_order(place):
    first, again = words.sealed_order(), words.sealed_order()
    assert first == again and first.seal in words.seal(again)


def test_an_empty_journal_draws_anew(place):
    first = words.sealed_order()
    journal.start_again()
    assert words.sealed_order() != first


@pytest.mark.parametrize("kept", [{"a": 1}, "X is one", 3])
def test_nonsense_in_the_journal_draws_anew(place, kept):
    journal.keep(words.KEY, kept)
    order = words.sealed_order()
    assert sealed.is_secret(order.secret) and words.sealed_order() == order


def test_the_journal_does_not_tell(place):
    """A learner who looks into it finds letters, and neither name of the stored templates."""
    order = words.sealed_order()
    (kept,) = [v["value"] for v in json.loads(place.read_text())["kept"].values()]
    assert kept == order.secret
    assert not any(name in str(journal.show().to_dict()) for name in sealed.STORED)


# ---- opening ------------------------------------------------------------------------------------


def agreement(**best):
    """A table of agreement in which each stored set agrees with one network."""
    table = pd.DataFrame(0.1, index=list(sealed.STORED), columns=list(sealed.NETWORKS))
    for name, network in best.items():
        table.loc[name, network] = 0.99
    return table


@pytest.mark.parametrize("unequal", sealed.STORED)
@pytest.mark.parametrize("secret", SECRETS[:4])
def test_the_networks_are_found_by_what_they_say_of_photographs(unequal, secret):
    equal = next(name for name in sealed.STORED if name != unequal)
    found = agreement(**{unequal: "90-10-0", equal: "50-50-0"})
    order = sealed.Sealed(secret)
    mixes = order.mixes(found)
    (name,) = [n for n, mix in mixes.items() if mix == sealed.UNEQUAL]
    assert order.stored(name) == unequal


@pytest.mark.parametrize(
    "best", [{}, {"one": "90-10-0"}, {"one": "90-10-0", "two": "90-10-0"}], ids=len
)
def test_templates_of_no_known_network_are_not_guessed_at(best):
    with pytest.raises(LookupError, match="do not agree with one network each"):
        sealed.Sealed(SECRETS[0]).mixes(agreement(**best))


def told(pictures, network):
    """What a network would say of any picture."""
    rng = np.random.default_rng(list(sealed.NETWORKS).index(network))
    turn = rng.normal(size=(3, 128))
    return np.array([np.asarray(p, float).reshape(-1)[:3] @ turn for p in pictures], np.float32)


@pytest.fixture
def talking(monkeypatch):
    """Networks that talk of three numbers instead of faces."""
    monkeypatch.setattr("labkit.matchers.network.chips_in", np.array)
    monkeypatch.setattr("labkit.matchers.network.describe_once", told)


class Kept:
    """A gallery of three pictures whose templates two networks made."""

    def __init__(self, one, two, found=True):
        pictures = np.random.default_rng(5).normal(size=(3, 3))
        self.pictures = pictures
        self.kept = {
            name: told(pictures, network) * 1.01 for name, network in (("one", one), ("two", two))
        }
        if not found:
            self.kept["two"][:] = np.nan

    def templates(self, name, rows):
        return self.kept[name][rows]


def test_photographs_are_described_again_by_every_network(talking):
    gallery = Kept("90-10-0", "50-50-0")
    found = sealed.described_again(gallery, [0, 1, 2], gallery.pictures.__getitem__)
    assert list(found.columns) == list(sealed.NETWORKS)
    assert found.idxmax(axis=1).to_dict() == {"one": "90-10-0", "two": "50-50-0"}
    assert found.loc["one", "90-10-0"] > 0.99


def test_the_two_networks_are_shipped_with_their_mixes():
    from labkit import data

    table = data.networks()
    for network, mix in sealed.NETWORKS.items():
        assert table.loc[network, "mix"] == mix and table.loc[network, "shipped"]


def test_photographs_without_a_face_are_refused(talking):
    gallery = Kept("90-10-0", "50-50-0", found=False)
    with pytest.raises(ValueError, match="no face was found"):
        sealed.described_again(gallery, [0], gallery.pictures.__getitem__)


def test_a_picture_is_described_as_when_its_templates_were_made():
    """Faces found anew and a network loaded once give what the bundled sets hold of the same."""
    from labkit import data
    from labkit.matchers import network

    dev = data.load("anytown/dev")
    chips = network.chips_in([dev.pictures[k] for k in range(2)])
    assert (chips == network.chips_of(dev, slice(0, 2))).all()
    once = network.describe_once(chips, "90-10-0")
    assert (once == network.describe(chips, "90-10-0")).all()


@pytest.mark.slow
def test_the_stored_templates_are_of_two_shipped_networks():
    """On the shipped data the seal can be opened: each stored set agrees with one network alone."""
    from labkit import data
    from labkit.making.gallery import picture

    gallery = data.gallery()
    drawn = functools.partial(picture, gallery)
    found = sealed.described_again(gallery, gallery.rows("dev")[:2], drawn)
    assert set(sealed.Sealed(SECRETS[0]).mixes(found).values()) == set(sealed.NETWORKS.values())
    ordered = np.sort(found.to_numpy(), axis=1)
    assert (ordered[:, -1] > 0.97).all() and (ordered[:, -2] < 0.6).all(), found
