"""The town's own test asked of a service: the same counts as with the templates behind it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from labkit import data
from labkit.base.places import PROJECT
from labkit.data import ORDERS, shares
from labkit.gallery import council_words, service
from labkit.gallery.checks import GalleryError
from labkit.gallery.council import POINTS, Trial, stamp
from labkit.gallery.searcher import Stored
from labkit.gallery.service import Service
from labkit.matchers import RekognitionMatcher
from labkit.matchers.rekognition import VENDOR
from labkit.matchers.rekognition.account import TooDear
from labkit.matchers.rekognition.pictures import pixels_hash
from labkit.matchers.rekognition.prices import PAID, PRICES
from tests.gallery.councils import Made
from tests.matchers.stand_in import KEY, StandIn

SIZE, MATES, DEV, COUNCIL = 60, 18, 600, 30
OFTEN = 4  # photographs of one of its people stand for so many of dev
BANDS = ORDERS["tone_band"]


class Small(Made):
    """A gallery in the form of the real one, of pictures of ``anytown/dev`` and SFace's templates.

    Some of its people stand for dev with several photographs, so that there are enough searches.
    """

    def __init__(self):
        faces = data.load("anytown/dev")
        bands, people = faces.of("tone_band").astype(str), faces.of("person")
        of = {band: iter(pd.unique(people[bands == band])) for band in BANDS}
        photos = {p: np.flatnonzero(people == p) for p in pd.unique(people)}
        rows, picture = [], []

        def sit(role, place, band, who, photo, which):
            rows.append((role, place, band, photo, who))
            picture.append(photos[who][which])

        for band, many in zip(BANDS, shares("town", SIZE), strict=True):
            members = [next(of[band]) for _ in range(many)]
            for k, who in enumerate(members):
                sit("pool", k, band, who, 0, 0)
            for k, who in enumerate(members[: MATES // 3]):
                sit("pool", k, band, who, 1, 1)
        for k in range(COUNCIL):
            who = next(of[BANDS[k % 3]])
            for photo in (0, 1):
                sit("council", k, BANDS[k % 3], who, photo, photo)
        rest = [who for band in BANDS for who in of[band]][: DEV // OFTEN]
        for k, who in enumerate(rest):
            for n in range(OFTEN):
                rows.append(("dev", OFTEN * k + n, str(bands[photos[who][0]]), 0, who))
                picture.append(photos[who][n])
        self.images = pd.DataFrame(rows, columns=["role", "place", "tone_band", "photo", "person"])
        self.pictures = [faces.pictures[k] for k in picture]
        self._known = {pixels_hash(p): k for k, p in enumerate(self.pictures)}
        self._templates = {"SFace": faces.stored("sface")[picture].astype(np.float32)}

    def __getitem__(self, row):
        return self.pictures[row]

    def transform(self, pictures):
        """SFace, which has seen all these pictures before."""
        return self._templates["SFace"][[self._known[pixels_hash(p)] for p in pictures]]


class Behind:
    """The matcher behind the stand-in."""

    measure = "cosine"

    def __init__(self, small):
        self.transform = small.transform


@pytest.fixture(scope="module")
def people():
    return Small()


@pytest.fixture(scope="module")
def stand_in(people):
    stand_in = StandIn(Behind(people))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", KEY)
        patch.setenv("AWS_SECRET_ACCESS_KEY", "opens-nothing")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.delenv("AWS_SESSION_TOKEN", raising=False)
        yield stand_in
    stand_in.stop()


@pytest.fixture(scope="module")
def said():
    return []


@pytest.fixture(scope="module")
def vendor(stand_in, said):
    return RekognitionMatcher(
        "us-east-1",
        budget=10.0,
        per_second=1e6,
        progress=False,
        endpoint_url=stand_in.url,
        say=said.append,
    )


@pytest.fixture(scope="module")
def ours(people):
    return Trial(people, "SFace", "town", SIZE)


def asked(people, vendor, most=SIZE):
    service = Service(vendor, people, people, most)
    return Trial(people, vendor.name, "town", SIZE, searched_by=service)


@pytest.fixture(scope="module")
def theirs(people, vendor):
    return asked(people, vendor)


# ---- the audit ----------------------------------------------------------------------------------


def test_the_town_s_own_test_counts_the_same_whoever_is_asked(ours, theirs):
    for point in POINTS:
        assert ours.points[point].alerts == theirs.points[point].alerts
        one, two = ours.council(ours.at(point)), theirs.council(theirs.at(point))
        assert one.matched.tolist() == two.matched.tolist()
        assert one.found.tolist() == two.found.tolist()
        assert one.table().equals(two.table()) and one.contrast() == two.contrast()
        again = [t.council(t.at(point), photo=1) for t in (ours, theirs)]
        assert again[0].table().equals(again[1].table())
    same = slice(1, None)  # all but the thresholds, which are on two scales
    assert ours.costs().iloc[:, same].equals(theirs.costs().iloc[:, same])
    assert ours.mates[1].tolist() == theirs.mates[1].tolist()
    one, two = ours.hits(ours.at("A")), theirs.hits(theirs.at("A"))
    assert one.probe.tolist() == two.probe.tolist() and one.row.tolist() == two.row.tolist()
    assert one.rates().equals(two.rates())
    five = [t.first("council", count=5)[1].tolist() for t in (ours, theirs)]
    assert five[0] == five[1]


def test_its_sentences_are_the_notebook_s_and_name_who_was_asked(ours, theirs):
    said = [council_words.primary(t.council(t.at("A"))) for t in (ours, theirs)]
    assert said[0] == said[1]
    assert stamp(theirs.matcher) == (
        "matcher: a stand-in at 127.0.0.1 on invented faces, not Rekognition"
    )
    assert stamp(VENDOR) == "matcher: Amazon Rekognition on invented faces"
    assert stamp("dlib", VENDOR).endswith("dlib 2017 and Amazon Rekognition, on invented faces")


def test_at_the_percentages_that_were_argued_about(theirs):
    """What notebook 09 cannot do with its own matchers: 80, 95 and 99 are the service's own."""
    costs = theirs.costs({percent: percent for percent in (80, 95, 99)})
    best = theirs.best("council")
    for percent in (80, 95, 99):
        assert costs.loc[percent, "members matched"] == (best >= percent).sum()


def test_it_is_known_before_and_paid_once(people, theirs, vendor, said, stand_in, monkeypatch):
    theirs.costs()  # asked here, or by a test before
    searches = DEV + 2 * COUNCIL + MATES
    assert f"{SIZE} IndexFaces, {searches} SearchFacesByImage: {0.738:.2f} US dollars" in said[1]
    assert theirs.council(theirs.at("A"), photo=1).count()[1] == COUNCIL
    assert len(said) == 2 + 3  # the estimate covered all; a line for what is left, each time
    paid = sum(stand_in.calls.values())
    assert vendor.spent == pytest.approx((SIZE + searches) * PRICES.picture)
    monkeypatch.setattr(vendor.account, "budget", 0.0)
    again = asked(people, vendor)
    assert again.costs().equals(theirs.costs()) and sum(stand_in.calls.values()) == paid
    with pytest.raises(TooDear, match="nothing was sent"):
        asked(people, vendor, most=7).best("council")
    assert sum(stand_in.calls.values()) == paid


# ---- lists that end -----------------------------------------------------------------------------


def test_a_list_that_ends_too_early_is_said_and_not_counted(people, vendor):
    short = asked(people, vendor, most=5)
    with pytest.raises(GalleryError, match="with a larger most"):
        short.hits(0.0, roles=("council",))
    with pytest.raises(GalleryError, match="returns 5 people, not 9"):
        short.first("council", count=9)
    assert len(short.hits(99.999, roles=("council",)).row) == 0
    own = np.arange(SIZE)[: len(short.probes("mates", 1))][::-1]  # somebody else's place for most
    found, ranks = short._index().mate(short.probes("mates", 1), own)
    everybody = Stored(people, "SFace", short.enrolled).mate(short.probes("mates", 1), own)
    listed = everybody.ranks <= 5
    assert listed.any() and not listed.all() and (np.isfinite(found) == listed).all()
    assert ranks[listed].tolist() == everybody.ranks[listed].tolist()
    assert (ranks[~listed] == -1).all()


def test_what_it_would_cost_is_counted_from_the_gallery(people):
    job = service.estimate(people, [SIZE, SIZE])
    assert job.calls == {"IndexFaces": 2 * SIZE, "SearchFacesByImage": 2 * (DEV + 78)}
    assert job.dollars == pytest.approx(sum(job.calls.values()) * PRICES.picture)
    assert "check before you pay" in job.read()


# ---- the page -----------------------------------------------------------------------------------


def test_the_page_s_own_lines_run(people, theirs, vendor, stand_in, monkeypatch):
    """Those of docs/vendor.md, with this gallery and the stand-in in place of the real ones."""
    theirs.costs()  # asked here, or by a test before
    paid = {name: stand_in.calls[name] for name in PAID}

    def instead(**options):
        assert options.keys() == {"region", "cache", "budget"}
        again = RekognitionMatcher("us-east-1", endpoint_url=stand_in.url, say=lambda said: None)
        again.account.kept = vendor.account.kept
        return again

    monkeypatch.setattr(data, "gallery", lambda: people)
    monkeypatch.setattr("labkit.making.gallery.Recipes", lambda gallery: gallery)
    monkeypatch.setattr("labkit.matchers.RekognitionMatcher", instead, raising=False)
    page = (PROJECT / "docs/vendor.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    (block,) = [block for block in blocks if "Trial" in block]
    block = block.replace("1_000", str(SIZE)).replace("(people))", f"(people), {SIZE})")
    shown = {}
    exec(block, shown)
    assert {name: stand_in.calls[name] for name in PAID} == paid
    assert not stand_in.collections  # `with` deleted it
    assert shown["said"].index.tolist() == [80, 95, 99]
    assert shown["costs"].equals(theirs.costs())
