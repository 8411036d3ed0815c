"""The vendor's service by a stand-in on this computer: what leaves, what is paid, what is kept."""

from __future__ import annotations

import base64
import functools
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from labkit import data, matchers
from labkit.base.consent import Consent, ConsentMissing, questions
from labkit.base.files import sha256
from labkit.gallery.checks import GalleryError
from labkit.gallery.collection import Collection
from labkit.matchers import MatcherError, RekognitionMatcher, SFaceMatcher
from labkit.matchers.rekognition import VENDOR, calls, pictures
from labkit.matchers.rekognition.account import DOUBTS, TooDear
from labkit.matchers.rekognition.calls import TRIES, Calls
from labkit.matchers.rekognition.pictures import NotInvented, sendable
from labkit.matchers.rekognition.prices import Prices
from tests.matchers.stand_in import KEY, PAGE, Refuse, StandIn, percent

WALL = np.full((160, 160, 3), 128, np.uint8)


@functools.cache
def dev():
    return data.load("anytown/dev")


@functools.cache
def sface():
    return SFaceMatcher(progress=False)


@pytest.fixture
def keys(monkeypatch, tmp_path):
    """Keys that open nothing, and no other place that boto3 might look at."""
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "opens-nothing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


@pytest.fixture
def service(keys):
    stand_in = StandIn(sface())
    yield stand_in
    stand_in.stop()


@pytest.fixture
def vendor(service, tmp_path):
    """Makes matchers of one folder of answers, that never wait."""

    def make(**options):
        said = options.pop("said", [])
        given = {
            "region": "us-east-1",
            "endpoint_url": service.url,
            "cache": tmp_path / "answers",
            "budget": 1.0,
            "progress": False,
            "say": said.append,
        }
        matcher = RekognitionMatcher(**{**given, **options})
        matcher.account.calls._sleep = lambda seconds: None
        return matcher

    return make


def everything(where=VENDOR):
    return Consent(dict.fromkeys(questions(where), "yes"), where=where)


def stranger():
    """A picture of nobody whom the lab drew."""
    return np.random.default_rng(3).integers(0, 255, (200, 160, 3), np.uint8)


# ---- what it is ---------------------------------------------------------------------------------


def test_it_is_outside_the_offline_promise_by_name():
    entry = matchers.get("rekognition")
    assert not entry.offline and entry not in list(matchers.offline())
    made = entry.make()
    assert not made.offline and made.measure == entry.measure == "similarity"
    assert made.fit([], []) is made


def test_it_gives_no_templates_and_says_so(tmp_path):
    with pytest.raises(MatcherError, match="gives no templates"):
        matchers.get("Rekognition").templates(dev())
    with pytest.raises(GalleryError, match="gives no templates"):
        Collection.create(tmp_path / "x.gallery", "rekognition")


def test_no_notebook_imports_it_and_the_registry_loads_no_boto3():
    code = (
        "import sys\n"
        "from labkit import matchers, gallery\n"
        "import labkit.gallery.council\n"
        "matchers.get('Rekognition').make()\n"
        "assert not {'boto3', 'botocore'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- which pictures may be sent -----------------------------------------------------------------


def test_bundled_pictures_are_known_by_file_and_by_pixels(tmp_path):
    few = dev().pictures[:2]
    path = tmp_path / "same.png"
    Image.fromarray(few[0]).save(path)
    ready = sendable([few[0], path, few[1]])
    assert [one.key for one in ready[::2]] == [one.key for one in sendable(few)]
    assert ready[0].key == ready[1].key and all(one.invented for one in ready)
    assert pictures.is_bundled(pictures.pixels_hash(data.gallery().seen(council_row())))


def council_row():
    people = data.gallery()
    return int(people.rows("dev")[0])


def test_anybody_else_is_refused_before_a_call(vendor, service):
    with pytest.raises(NotInvented, match="picture 1 of the list is none of Anytown's"):
        vendor().compare([dev().pictures[0], stranger()], dev().pictures[:2])
    with pytest.raises(NotInvented):
        vendor().collection([stranger()], ["a"])
    assert not service.calls


@pytest.mark.slow
def test_a_bundled_picture_with_one_pixel_changed_is_somebody_else():
    """Every bundled picture is looked at: some 6,600."""
    changed = dev().pictures[0].copy()
    changed[0, 0] ^= 1
    with pytest.raises(NotInvented):
        sendable([changed])
    assert sum(map(len, pictures._known())) > 6_500


def test_a_folder_that_only_calls_itself_data_is_not_anytown(tmp_path):
    """The files of a set by the same name are known by their checksums and not by the name."""
    folder = tmp_path / "data/anytown/dev"
    (folder / "pictures").mkdir(parents=True)
    Image.fromarray(stranger()).save(folder / "pictures/0.png")
    own = {"dev/pictures/0.png": sha256((folder / "pictures/0.png").read_bytes())}
    source = data._Source(tmp_path / "data/anytown", "dev", own)
    with pytest.raises(NotInvented):
        sendable(data.Pictures(source, ["pictures/0.png"]))


def test_consent_for_this_service_opens_it_and_no_other_does(vendor, service):
    pair = [stranger()], dev().pictures[:1]
    with pytest.raises(ConsentMissing):
        vendor(consent=Consent({"asked": "yes"}, where=VENDOR)).compare(*pair)
    with pytest.raises(ConsentMissing, match="not for sending them"):
        vendor(consent=everything("here")).compare(*pair)
    with pytest.raises(ConsentMissing):
        vendor(consent=True).compare(*pair)
    assert not service.calls
    said = []
    found = vendor(consent=everything(), said=said).compare(*pair)
    assert found.table["status"].tolist() == ["no face"] and service.calls["CompareFaces"] == 1
    assert "1 of 2 of them not known to be Anytown's" in said[0]


def test_what_is_sent_is_the_picture_and_nothing_else(vendor, service, tmp_path):
    """A name, a place or a date in a file does not leave with it."""
    path = tmp_path / "Ada Lovelace.png"
    image = Image.fromarray(dev().pictures[0])
    exif = image.getexif()
    exif[0x010E] = "Ada Lovelace, 12 Main Street"
    image.save(path, exif=exif)
    matcher = vendor()
    matcher.compare([path], dev().pictures[1:2])
    matcher.collection([path], ["row-0"]).search(dev().pictures[1:2])
    for name, asked in service.seen:
        known = {"CollectionId", "MaxFaces", "ExternalImageId", "QualityFilter", "NextToken"}
        known |= {"SimilarityThreshold", "FaceMatchThreshold", "DetectionAttributes"}
        assert set(asked) <= known | {"Image", "SourceImage", "TargetImage"}, name
        for part in ("Image", "SourceImage", "TargetImage"):
            if part in asked:
                content = base64.b64decode(asked[part]["Bytes"])
                assert b"Lovelace" not in content and b"Main Street" not in content
        assert asked.get("DetectionAttributes", ["DEFAULT"]) == ["DEFAULT"]
    assert {"CompareFaces", "IndexFaces", "SearchFacesByImage"} <= set(service.calls)


def test_age_gender_and_emotions_cannot_be_asked_for():
    assert "DetectFaces" not in calls.METHODS and len(calls.METHODS) == 8


# ---- pairs --------------------------------------------------------------------------------------


def test_similarities_are_those_of_the_matcher_behind(vendor):
    few = dev().pictures[:6]
    ours = sface().transform(few)
    cosines = (ours[:3] * ours[3:]).sum(1) / (
        np.linalg.norm(ours[:3], axis=1) * np.linalg.norm(ours[3:], axis=1)
    )
    found = vendor().compare(few[:3], few[3:])
    assert found.similarity == pytest.approx(percent(cosines), rel=1e-4)
    assert found.similarity.dtype == np.float32 and (found.table["status"] == "ok").all()


def test_a_picture_without_a_face_or_too_small_is_nan_and_loses_no_other(vendor, service, tmp_path):
    few = dev().pictures[:3]
    (tmp_path / "broken.png").write_bytes(b"no picture")
    first = [few[0], WALL, np.zeros((40, 40, 3), np.uint8), tmp_path / "broken.png"]
    found = vendor(consent=everything()).compare(first, [few[1]] * 4)
    assert np.isnan(found.similarity).tolist() == [False, True, True, True]
    assert found.table["status"].tolist() == ["ok", "no face", "refused", "refused"]
    assert "below 80 pixels" in found.table["words"][2]
    assert service.calls["CompareFaces"] == 2  # what cannot be used is not paid


def test_a_wrong_request_is_no_row_of_people_without_a_face(vendor, service):
    """The service has the same words for both; nobody believes it of each of the first five."""
    service.trouble = [
        Refuse("InvalidParameterException", "Request has invalid parameters")
    ] * DOUBTS
    few = dev().pictures[: 2 * DOUBTS]
    with pytest.raises(MatcherError, match="the request is wrong"):
        vendor().compare(few[:DOUBTS], few[DOUBTS:])
    found = vendor().compare(few[:DOUBTS], few[DOUBTS:])  # and it was not kept
    assert np.isfinite(found.similarity).all()


def test_options_that_do_not_exist_are_one_sentence():
    for options in (
        {"quality": "BEST"},
        {"budget": -1},
        {"budget": float("nan")},
        {"per_second": 0},
        {"endpoint_url": "http://example.com"},
    ):
        with pytest.raises(MatcherError) as error:
            RekognitionMatcher(**options)
        assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match="prices"):
        Prices(-1, 0, "x", "y")


def test_lists_of_two_lengths_are_refused(vendor):
    with pytest.raises(MatcherError, match="2 pictures and 1"):
        vendor().compare(dev().pictures[:2], dev().pictures[:1])


# ---- what it costs ------------------------------------------------------------------------------


def test_it_says_what_leaves_and_what_it_costs_before_anything_does(vendor, service):
    said, before = [], []
    service.on_call = lambda name, counted: before.append(len(said))
    few = dev().pictures[:4]
    vendor(said=said).compare(few[:2], few[2:])
    assert before == [2, 2]  # both sentences were there before the first call
    assert "To a stand-in at 127.0.0.1" in said[0] and "invented people" in said[0]
    assert "2 CompareFaces: 0.002 US dollars" in said[1] and "check before you pay" in said[1]


def test_nothing_is_sent_beyond_the_budget(vendor, service):
    few = dev().pictures[:6]
    with pytest.raises(TooDear, match=r"nothing was sent: this would cost 0\.003 US"):
        vendor(budget=0).compare(few[:3], few[3:])
    with pytest.raises(TooDear):
        vendor(budget=0.0029).compare(few[:3], few[3:])
    assert not service.calls
    matcher = vendor(budget=0.003)
    matcher.compare(few[:3], few[3:])
    assert matcher.spent == pytest.approx(0.003)
    with pytest.raises(TooDear, match=r"after 0\.003 US dollars"):
        matcher.compare(few[3:4], few[:1])
    assert matcher.compare(few[:3], few[3:]).table["status"].tolist() == ["ok"] * 3


def test_an_answer_is_paid_once(vendor, service):
    few = dev().pictures[:4]
    first = vendor().compare([few[0], few[0], few[2]], [few[1], few[1], few[3]])
    assert service.calls["CompareFaces"] == 2  # the same pair stands twice in the list
    again = vendor(budget=0).compare([few[0], few[0], few[2]], [few[1], few[1], few[3]])
    assert service.calls["CompareFaces"] == 2 and (again.similarity == first.similarity).all()
    vendor(quality="AUTO").compare(few[:1], few[1:2])  # another question
    assert service.calls["CompareFaces"] == 3


def test_a_damaged_answer_is_asked_for_again(vendor, service, tmp_path):
    few = dev().pictures[:2]
    first = vendor().compare(few[:1], few[1:])
    (kept,) = (tmp_path / "answers").rglob("*.json")
    content = kept.read_bytes()
    for damaged in (content[:-9], content.replace(b"similarity", b"similarlty"), b""):
        kept.write_bytes(damaged)
        assert (vendor().compare(few[:1], few[1:]).similarity == first.similarity).all()
    assert service.calls["CompareFaces"] == 4
    assert json.loads(content.partition(b"\n")[2])["answer"].keys() == {"similarity", "faces"}


# ---- busy, away, wrong keys ---------------------------------------------------------------------


def test_a_busy_service_is_asked_again_with_longer_waits(vendor, service):
    service.trouble = [
        Refuse("ThrottlingException"),
        Refuse("ProvisionedThroughputExceededException"),
        Refuse("InternalServerError", status=500),
    ]
    matcher, waits = vendor(per_second=1e9), []
    matcher.account.calls._sleep = waits.append
    assert np.isfinite(matcher.compare(dev().pictures[:1], dev().pictures[1:2]).similarity).all()
    waits = [w for w in waits if w > 0.01]  # others are the rate's
    assert len(waits) == 3 and matcher.account.paid == 1
    assert all(0.25 * 2**k <= wait <= 0.5 * 2**k for k, wait in enumerate(waits))


def test_it_gives_up_at_last_and_keeps_what_was_answered(vendor, service):
    few = dev().pictures[:4]
    service.trouble = [None] + [Refuse("ThrottlingException")] * TRIES
    with pytest.raises(MatcherError, match="still busy after 8 tries"):
        vendor().compare(few[:2], few[2:])
    done = service.calls["CompareFaces"]
    assert np.isfinite(vendor().compare(few[:2], few[2:]).similarity).all()
    assert service.calls["CompareFaces"] == done + 1


def test_its_own_rate_is_kept_to():
    now, waits = [0.0], []

    def sleep(seconds):
        waits.append(seconds)
        now[0] += seconds

    asked = Calls("us-east-1", per_second=4, sleep=sleep, clock=lambda: now[0])
    for _ in range(9):
        asked._wait_turn()
    assert now[0] == pytest.approx(2.0)
    now[0] += 10  # a pause is not made up for
    for _ in range(5):
        asked._wait_turn()
    assert now[0] == pytest.approx(13.0)


def test_wrong_keys_and_other_refusals_are_one_sentence(vendor, service, monkeypatch):
    pair = dev().pictures[:1], dev().pictures[1:2]
    for trouble, words in (
        (Refuse("AccessDeniedException"), "may not call CompareFaces"),
        (Refuse("ExpiredTokenException"), "does not accept these keys"),
        (Refuse("SomethingNew", "out of luck"), "SomethingNew: out of luck"),
    ):
        service.trouble = [trouble]
        with pytest.raises(MatcherError, match=words):
            vendor().compare(*pair)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOFSOMEBODYELSE00")
    with pytest.raises(MatcherError, match=r"does not accept these keys \(Unrecognized"):
        vendor().compare(*pair)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(MatcherError, match="no keys of an account were found"):
        vendor().compare(*pair)
    with pytest.raises(MatcherError, match="no keys of an account were found"):
        vendor(profile="nobody").compare(*pair)


def test_a_service_out_of_reach_is_one_sentence(vendor, service):
    service.stop()
    with pytest.raises(MatcherError, match="could not be reached after 8 tries"):
        vendor().compare(dev().pictures[:1], dev().pictures[1:2])


def test_no_region_and_no_boto3_are_one_sentence(keys, monkeypatch):
    pair = dev().pictures[:1], dev().pictures[1:2]
    with pytest.raises(MatcherError, match="no region was named"):
        RekognitionMatcher(budget=1).compare(*pair)
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(MatcherError, match=r"pip install \"labkit\[aws\]\""):
        RekognitionMatcher("us-east-1", budget=1, say=lambda said: None).compare(*pair)


# ---- galleries ----------------------------------------------------------------------------------


def town(vendor, **options):
    """Ten people, one of whom shows no face, and who is searched for."""
    matcher = vendor(consent=everything(), **options)
    people = [*(dev().pictures[8 * k] for k in range(9)), WALL]
    return matcher, matcher.collection(people, [f"row-{k}" for k in range(10)])


def test_a_gallery_is_searched_as_the_matcher_behind_would(vendor, service):
    _, remote = town(vendor)
    probes = [dev().pictures[8 * k + 1] for k in range(9)]
    found = remote.search([*probes, WALL])
    ours = sface().transform([dev().pictures[8 * k] for k in range(9)])
    theirs = sface().transform(probes)
    for one, probe in zip(found[:9], theirs, strict=True):
        cosines = ours @ probe / np.linalg.norm(ours, axis=1) / np.linalg.norm(probe)
        assert one.places.tolist() == np.argsort(-cosines).tolist()
        assert one.similarity == pytest.approx(percent(np.sort(cosines)[::-1]), rel=1e-4)
    assert not len(found[9].places) and "no faces" in found[9].words
    assert service.calls["IndexFaces"] == 10 and service.calls["SearchFacesByImage"] == 10


def invented(vendor, **options):
    """A gallery of bundled people, for which nobody's consent is needed."""
    matcher = vendor(**options)
    people = [dev().pictures[8 * k] for k in range(9)]
    return matcher, matcher.collection(people, [f"row-{k}" for k in range(9)])


def test_the_collection_goes_with_the_matcher_and_stays_after_a_break(vendor, service):
    said = []
    matcher, remote = invented(vendor, said=said)
    with matcher:
        remote.search(dev().pictures[1:2])
        assert list(service.collections) == [remote.id] and remote.id.startswith("labkit-")
    assert not service.collections and "Deleted at a stand-in" in said[-1]
    matcher, remote = invented(vendor, said=said)
    with pytest.raises(KeyboardInterrupt), matcher:
        remote.search(dev().pictures[2:3])
        raise KeyboardInterrupt
    assert list(service.collections) == [remote.id]
    assert "aws rekognition delete-collection" in said[-1] and "9 faces" in said[-1]
    vendor().delete(remote.id)
    vendor().delete(remote.id)  # gone is gone
    assert not service.collections


def test_templates_of_real_people_do_not_stay_after_a_break(vendor, service, monkeypatch):
    said = []
    matcher, remote = town(vendor, said=said)
    with pytest.raises(KeyboardInterrupt), matcher:
        remote.search(dev().pictures[2:3])
        raise KeyboardInterrupt
    assert not service.collections and "Deleted at a stand-in" in said[-1]
    matcher, remote = town(vendor, said=said)
    real = matcher.account.calls.ask

    def fails(name, **given):
        if name == "DeleteCollection":
            raise MatcherError("the service cannot be reached")
        return real(name, **given)

    monkeypatch.setattr(matcher.account.calls, "ask", fails)
    with pytest.raises(KeyboardInterrupt), matcher:
        remote.search(dev().pictures[3:4])
        raise KeyboardInterrupt
    assert list(service.collections) == [remote.id]
    assert "To delete it" in said[-1], "where it cannot be deleted it is said how"


def test_it_says_that_the_ids_of_a_gallery_are_sent(vendor, service):
    """Finding: "a number for each and no names" was printed whatever the ids said."""
    said = []
    matcher = vendor(said=said)
    matcher.compare(dev().pictures[:1], dev().pictures[1:2])
    assert "the id that was given" not in said[0] and "no names" not in said[0]
    remote = matcher.collection([dev().pictures[0], dev().pictures[8]], ["Anna", "Ben"])
    remote.search(dev().pictures[1:2])
    assert any("the id that was given for it, such as 'Anna', 'Ben'" in one for one in said)


def test_what_a_broken_run_left_goes_with_the_next_although_nothing_is_asked(vendor, service):
    """Finding: all answers were kept, so the collection was not used again, and stayed."""
    _, remote = town(vendor)
    remote.search(dev().pictures[1:2])
    matcher, again = town(vendor, budget=0)
    with matcher:
        again.search(dev().pictures[1:2])
    assert not service.collections


def test_people_are_enrolled_once_and_again_after_the_collection_went(vendor, service):
    _, remote = town(vendor)
    remote.search(dev().pictures[1:2])
    said = []
    _, again = town(vendor, said=said)
    assert again.id == remote.id
    again.search(dev().pictures[2:4])
    assert service.calls["IndexFaces"] == 10 and service.calls["ListFaces"] == 2  # two pages of 7
    assert "2 SearchFacesByImage" in said[1] and "IndexFaces" not in said[1]
    assert "10 answers are kept" in said[1]
    service.collections.clear()  # somebody deleted it elsewhere
    _, third = town(vendor, said=said)
    third.search(dev().pictures[4:5])
    assert service.calls["IndexFaces"] == 19  # the wall is known to show nobody
    assert "9 IndexFaces" in said[-1]  # said before it was paid again
    third.search(dev().pictures[1:5])
    assert service.calls["SearchFacesByImage"] == 4


def test_deleting_in_between_does_no_harm(vendor, service):
    matcher, remote = town(vendor)
    remote.search(dev().pictures[1:2])
    matcher.close()
    remote.search(dev().pictures[1:2])  # kept: nothing is made for it
    assert not service.collections
    assert len(remote.search(dev().pictures[2:3])[0].places) == 9
    service.collections.clear()
    with pytest.raises(MatcherError, match="was deleted while it was searched"):
        remote.search(dev().pictures[3:4])


def test_two_folders_share_no_collection(vendor, tmp_path):
    _, one = town(vendor)
    _, two = town(vendor, cache=tmp_path / "other")
    _, three = town(vendor, cache=None)
    assert len({one.id, two.id, three.id}) == 3


def test_two_face_models_are_not_mixed(vendor, service):
    _, remote = town(vendor)
    remote.search(dev().pictures[1:2])
    service.model = "8.0"
    with pytest.raises(MatcherError, match=r"face models 7\.0, 8\.0 are mixed"):
        remote.search(dev().pictures[1:3])


def test_ids_and_sizes_that_do_not_fit_are_one_sentence(vendor, service):
    few = dev().pictures[:2]
    for ids in (["a"], ["a", "a"], ["a", "b c"], ["a", ""]):
        with pytest.raises(MatcherError, match="id"):
            vendor().collection(few, ids)
    with pytest.raises(MatcherError, match="1 to 4,096"):
        vendor().collection(few, ["a", "b"]).search(few, most=5000)
    with pytest.raises(MatcherError, match="no collection of this lab"):
        vendor().delete("payroll")
    assert not service.calls


def test_leftovers_are_found_over_all_pages(vendor, service):
    service.collections.update({f"labkit-{k:02}": [] for k in range(2 * PAGE)})
    service.collections["payroll"] = []
    assert vendor().leftovers() == [f"labkit-{k:02}" for k in range(2 * PAGE)]


RUN = """
import sys
from labkit import data
from labkit.matchers import RekognitionMatcher
faces = data.load("anytown/dev")
matcher = RekognitionMatcher(
    "us-east-1", endpoint_url=sys.argv[1], cache=sys.argv[2], budget=1, per_second=1000,
    progress=False,
)
people = faces.pictures[0:72:8]
remote = matcher.collection(people, [f"row-{k}" for k in range(len(people))])
print(len(remote.search(faces.pictures[1:73:8])), flush=True)
"""


def test_killed_twice_in_the_middle_it_goes_on_and_pays_one_call_again_each_time(service, tmp_path):
    argv = [sys.executable, "-c", RUN, service.url, str(tmp_path / "answers")]
    for call, at in (("IndexFaces", 4), ("SearchFacesByImage", 5)):
        run = subprocess.Popen(argv, stdout=subprocess.DEVNULL)
        service.on_call = functools.partial(_kill, run, call, at)
        assert run.wait() != 0
        service.on_call = None
        assert service.calls[call] == at
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert "9" in done.stdout.splitlines()
    assert service.calls["IndexFaces"] <= 10 and service.calls["SearchFacesByImage"] <= 10
    (held,) = service.collections.values()
    assert len(held) == 9


def _kill(run, call, at, name, counted):
    if name == call and counted[name] == at:
        run.kill()
        run.wait()
