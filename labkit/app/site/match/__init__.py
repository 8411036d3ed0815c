"""The page "Match two faces": a real matcher in the browser, with no network.

In: the bundled people, two networks of others in the form that :mod:`derive` gives them, the lab's
own network, and onnxruntime-web (:mod:`runtime`).  Out: ``match/index.html`` and beside it scripts
of at most :data:`PIECE` bytes, which the page runs one after the other once a learner asks for the
matcher: a browser fetches nothing on ``file:``, and runs scripts there.

=====================  =======================================================================
``shown.py``           whom the page shows, thresholds, rates
``words.py``           sentences
``derive.py``          the networks' files as onnxruntime takes them
``runtime.py``         onnxruntime-web, which is not in this repository
``pixels.js``          pictures: moved, turned, made smaller, as OpenCV does it
``yunet.js``           finds faces, as OpenCV's ``FaceDetectorYN``
``align.js``           cuts a face out, as OpenCV's ``FaceRecognizerSF``
``upright.js``         turns a lying face first, as :mod:`labkit.matchers.upright`
``networks.js``        runs the networks
``matcher.js``         from a picture to numbers, and to a similarity
``pieces.js``          brings files of the page's own folder
``photo.js``           a learner's own photograph, after the consent questions
``draw.js, page.js``   what is seen
=====================  =======================================================================
"""

from __future__ import annotations

import base64
import functools
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit import data
from labkit.app.products import Product
from labkit.app.site import scripts
from labkit.app.site.frame import Site
from labkit.app.site.match import derive, runtime, shown, words
from labkit.base import consent
from labkit.base.files import read_checked, read_checksums, sha256
from labkit.base.words import N_, _
from labkit.matchers import network, sface, upright, yunet
from labkit.matchers.finding import SMALL
from labkit.measure.faces import threshold_cells
from labkit.views.page import address_of

HERE = Path(__file__).resolve().parent
AT = "match/index.html"
TITLE = N_("Match two faces")
PIECE = 2_000_000
"""Characters of a piece: progress is shown piece by piece."""

LICENCES = ("LICENSE-SFace.txt", "LICENSE-YuNet.txt")


def products(site: Site) -> Iterator[Product]:
    """The page, with all that it brings beside it."""
    brought = runtime.find(site.project)
    if brought is None:
        site.say(runtime.missing(AT))
    rests_on = site.code + (brought.checksum.encode() if brought else b"")
    yield Product(AT, _(TITLE), rests_on, functools.partial(made, site, brought))


def made(site: Site, brought: runtime.Runtime | None) -> dict[str, str | bytes]:
    """The page's files by name; without onnxruntime-web a page that says what is missing."""
    beside: dict[str, str | bytes] = {}
    files = []
    for name, content in parts(brought).items() if brought else ():
        listed, written = pieces(name, content)
        files.append(listed)
        beside |= {f"match/{file}": text for file, text in written.items()}
    if brought:
        beside["match/match.js"] = scripts.bundle(HERE / "page.js")
        beside["match/LICENSE-onnxruntime.txt"] = brought.licence
        folder = data.data_folder() / data.MODELS
        for name in LICENCES:
            beside[f"match/{name}"] = read_checked(folder, name, read_checksums(folder))
    found = shown.shown()
    told = told_to_script(found, files)
    page = site.render(
        HERE / "match.html.j2",
        title=_(TITLE),
        at=AT,
        told=told,
        brought=brought,
        megabytes=round(sum(p["size"] for f in files for p in f["pieces"]) / 1e6),
        consent=list(consent.questions().items()),
        may_not_apply=consent.MAY_NOT_APPLY,
        answers=[consent.YES, consent.NO, consent.DOES_NOT_APPLY],
        table=table(found),
        checksums=[(name, sha256(content)) for name, content in networks().items()],
        limits=data.limits().splitlines(),
    )
    return beside | {AT: page}


# ---- what the page brings -----------------------------------------------------------------------


def networks() -> dict[str, bytes]:
    """The networks as the page takes them, by the names that its script knows."""
    folder = data.data_folder() / data.NETWORKS
    own = read_checked(folder, f"{network.REGISTERED}.onnx", read_checksums(folder))
    return {
        "yunet": derive.derived(yunet.FILE),
        "sface": derive.derived(sface.FILE),
        "anytownnet": own,
    }


def parts(brought: runtime.Runtime) -> dict[str, bytes]:
    """Everything that the page brings, by name."""
    return brought.files | networks()


def pieces(name: str, content: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """A file as scripts that hand it over in pieces; what the page has to know of it, and they.

    Examples
    --------
    >>> listed, files = pieces("a", b"content")
    >>> listed["size"], list(files), files["a-0.js"][:20]
    (7, ['a-0.js'], 'labMatch.put("a", 0,')
    """
    text = base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")
    files = {
        f"{name}-{k}.js": f'labMatch.put("{name}", {k}, "{text[at : at + PIECE]}");\n'
        for k, at in enumerate(range(0, len(text), PIECE))
    }
    listed = [{"file": file, "size": len(script)} for file, script in files.items()]
    known = {"name": name, "pieces": listed, "size": len(content), "sha256": sha256(content)}
    return known, files


# ---- what the page's script is told -------------------------------------------------------------


def rules() -> dict[str, float]:
    """The matcher's own numbers, as Python has them."""
    return {
        "least": float(np.float32(yunet.LEAST)),
        "overlap": float(np.float32(yunet.OVERLAP)),
        "smallest": yunet.SMALLEST,
        "most": yunet.MOST,
        "step": upright.STEP,
        "leftAlone": upright.LEFT_ALONE,
        "looked": upright.LOOKED,
        "searched": sface.SFaceMatcher.searched,
        "small": SMALL,
    }


def told_to_script(found: shown.Shown, files: list[dict[str, Any]]) -> dict[str, Any]:
    """Numbers, pictures and sentences, as JSON can hold them."""
    place = {photo.row: k for k, photo in enumerate(found.photos)}
    return {
        "words": words.said(),
        "files": files,
        "rules": rules(),
        "photos": [_photo(photo) for photo in found.photos],
        "cases": [
            {"first": place[c.first], "second": place[c.second], "matcher": c.matcher}
            for c in found.cases
        ],
        "matchers": [_matcher(judged) for judged in found.judged.values()],
        "consent": [_question(name) for name in consent.QUESTIONS],
    }


def name_of(photo: shown.Photo) -> str:
    """What a photograph is called on the page."""
    letter = chr(ord("A") + photo.person)
    return _(words.PERSON).format(letter=letter, number=photo.number + 1)


def _photo(photo: shown.Photo) -> dict[str, Any]:
    name = name_of(photo)
    return {
        "name": name,
        "alt": _(words.ALT).format(name=name),
        "person": photo.person,
        "picture": address_of(shown.stored(photo.row), "webp"),
        "chip": address_of(_png(shown.chip(photo.row)), "png"),
    }


def _png(picture: NDArray[np.uint8]) -> bytes:
    import cv2

    done, content = cv2.imencode(".png", picture[..., ::-1])
    if not done:
        raise RuntimeError("OpenCV could not write PNG: install opencv-contrib-python-headless")
    return content.tobytes()


def _matcher(judged: shown.Judged) -> dict[str, Any]:
    steps = [step.threshold for step in judged.steps]
    named = []
    for key, threshold in (("own", judged.own), ("library", judged.library)):
        if threshold is not None:
            named.append(
                {
                    "step": steps.index(threshold),
                    "name": _(words.NAMED[key]).format(threshold=threshold),
                    "means": _means(key, judged),
                }
            )
    return {
        "name": judged.entry.name,
        "means": judged.entry.described(),
        "rounded": judged.entry.name == "AnytownNet",
        "start": named[0]["step"],
        "named": named,
        "steps": [
            {"threshold": s.threshold, "fmr": s.fmr.short(), "fnmr": s.fnmr.short()}
            for s in judged.steps
        ],
        "similarities": judged.similarities.round(4).tolist(),
    }


def _means(key: str, judged: shown.Judged) -> str:
    at = {step.threshold: step for step in judged.steps}
    if key == "own":
        faces = data.load(shown.CHOSEN_ON)
        told = {"people": len(faces.people), "one_in": round(1 / shown.ASKED)}
        groups = len(threshold_cells(faces).categories)
        return _(words.MEANS[key]).format(groups=groups, **told)
    assert judged.library is not None
    return _(words.MEANS[key]).format(fmr=at[judged.library].fmr.short(2))


def _question(name: str) -> dict[str, Any]:
    """A consent question, and what is said while it stands in the way.

    Examples
    --------
    >>> _question("asked")["open"][:33]
    'Question 1 has no answer yet: “Di'
    """
    number = list(consent.QUESTIONS).index(name) + 1
    question = consent.questions()[name].split("?")[0] + "?"
    said = {
        key: _(sentence).format(number=number, question=question)
        for key, sentence in words.CONSENT.items()
    }
    return {"name": name, "mayNotApply": name in consent.MAY_NOT_APPLY, **said}


# ---- what is read without a script --------------------------------------------------------------


def table(found: shown.Shown) -> list[dict[str, Any]]:
    """Each pair that is shown, in words, with what Python computed at the lab's own thresholds."""
    place = {photo.row: k for k, photo in enumerate(found.photos)}
    out = []
    for case in found.cases:
        first, second = place[case.first], place[case.second]
        row: dict[str, Any] = {
            "kind": _(words.KINDS[case.kind]).format(matcher=case.matcher),
            "first": name_of(found.photos[first]),
            "second": name_of(found.photos[second]),
            "by": [],
        }
        for judged in found.judged.values():
            value = float(judged.similarities[first, second])
            said = {"name": judged.entry.name, "similarity": f"{value:.3f}"}
            row["by"].append(said | {"match": value >= judged.own})
        out.append(row)
    return out
