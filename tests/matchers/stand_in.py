"""A stand-in for the vendor's service on this computer, with one of our matchers behind it.

It speaks the service's protocol (JSON 1.1 over HTTP: the call in a header, pictures as base64) and
answers from its own collections.  What a percentage means is its own: a rule that rises with the
matcher's score.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
import uuid
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from labkit.base.codec import decode
from labkit.measure.scores import compare

KEY = "AKIASTANDIN000000000"
PAGE = 7  # faces and collections on one page, so that there are several


class Refuse(Exception):
    """What the service answers when it does not do what it was asked."""

    def __init__(self, code, message="", status=400):
        super().__init__(message or code)
        self.code, self.status = code, status


def percent(scores):
    """The stand-in's own rule from cosines to percentages, float32 as the service's."""
    return (100 / (1 + np.exp(-6 * (np.asarray(scores, np.float64) - 0.3)))).astype(np.float32)


class StandIn:
    """The service.

    Parameters
    ----------
    matcher
        Describes pictures.
    """

    def __init__(self, matcher):
        self.matcher = matcher
        self.model = "7.0"
        self.collections = {}
        self.calls = Counter()
        self.seen = []  # name and parameters of each call that was answered
        self.trouble = []  # errors for the next calls, in order
        self.on_call = None  # told of each call before it is answered
        self._known = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # ---- the protocol ---------------------------------------------------------------------------

    def _handler(stand_in):
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_): ...

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    answer, status = stand_in._answer(self.headers, json.loads(body)), 200
                except Refuse as refused:
                    answer = {"__type": refused.code, "message": str(refused)}
                    status = refused.status
                content = json.dumps(answer).encode()
                with contextlib.suppress(ConnectionError):  # whoever asked may have been killed
                    self.send_response(status)
                    self.send_header("Content-Type", "application/x-amz-json-1.1")
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

        return Handler

    def _answer(self, headers, asked):
        service, _, name = headers["X-Amz-Target"].partition(".")
        assert service == "RekognitionService"
        assert headers["Content-Type"] == "application/x-amz-json-1.1"
        key = re.search(r"Credential=([^/]+)/", headers.get("Authorization", ""))
        if key is None or key[1] != KEY:
            raise Refuse("UnrecognizedClientException", "The security token is invalid.")
        with self._lock:
            self.calls[name] += 1
            if self.trouble and (error := self.trouble.pop(0)) is not None:
                raise error
            if self.on_call is not None:
                self.on_call(name, self.calls)
            answer = getattr(self, f"_{name}")(asked)
            self.seen.append((name, asked))
            return answer

    # ---- the calls ------------------------------------------------------------------------------

    def _template(self, image):
        content = base64.b64decode(image["Bytes"])
        if content not in self._known:
            if not content.startswith(b"\x89PNG"):
                raise Refuse("InvalidImageFormatException", "Request has invalid image format")
            self._known[content] = self.matcher.transform([decode(content)])[0]
        return self._known[content]

    def _face(self, image):
        template = self._template(image)
        if np.isnan(template).any():
            raise Refuse("InvalidParameterException", "There are no faces in the image.")
        return template

    def _held(self, asked):
        name = asked["CollectionId"]
        if name not in self.collections:
            raise Refuse("ResourceNotFoundException", f"The collection id: {name} does not exist")
        return self.collections[name]

    def _alike(self, one, many):
        return percent(compare(one[None], np.asarray(many), self.matcher.measure)[0])

    def _CompareFaces(self, asked):
        one, two = self._template(asked["SourceImage"]), self._template(asked["TargetImage"])
        if np.isnan(one).any() or np.isnan(two).any():
            raise Refuse("InvalidParameterException", "Request has invalid parameters")
        similarity = float(self._alike(one, two[None])[0])
        face = {"BoundingBox": BOX, "Confidence": 99.0, "Emotions": [], "Landmarks": []}
        match = similarity >= asked.get("SimilarityThreshold", 80)
        return {
            "SourceImageFace": {"BoundingBox": BOX, "Confidence": 99.0},
            "FaceMatches": [{"Similarity": similarity, "Face": face}] if match else [],
            "UnmatchedFaces": [] if match else [face],
        }

    def _CreateCollection(self, asked):
        if asked["CollectionId"] in self.collections:
            raise Refuse("ResourceAlreadyExistsException")
        self.collections[asked["CollectionId"]] = []
        return {"StatusCode": 200, "FaceModelVersion": self.model}

    def _DeleteCollection(self, asked):
        self._held(asked)
        del self.collections[asked["CollectionId"]]
        return {"StatusCode": 200}

    def _DescribeCollection(self, asked):
        return {"FaceCount": len(self._held(asked)), "FaceModelVersion": self.model}

    def _ListCollections(self, asked):
        names, more = self._page(sorted(self.collections), asked)
        return {"CollectionIds": names, "FaceModelVersions": [self.model] * len(names), **more}

    def _ListFaces(self, asked):
        faces, more = self._page(self._held(asked), asked)
        return {"Faces": [self._told(f) for f in faces], "FaceModelVersion": self.model, **more}

    def _page(self, things, asked):
        start = int(asked.get("NextToken", 0))
        end = start + PAGE
        return things[start:end], {"NextToken": str(end)} if end < len(things) else {}

    def _told(self, face):
        return {
            "FaceId": face["FaceId"],
            "ExternalImageId": face["ExternalImageId"],
            "BoundingBox": BOX,
            "Confidence": 99.0,
        }

    def _IndexFaces(self, asked):
        held, template = self._held(asked), self._template(asked["Image"])
        if np.isnan(template).any():
            return {"FaceRecords": [], "UnindexedFaces": [], "FaceModelVersion": self.model}
        name = asked["ExternalImageId"]
        same = [f for f in held if f["ExternalImageId"] == name]
        if not same:
            new = {"FaceId": str(uuid.uuid4()), "ExternalImageId": name, "template": template}
            held.append(new)
            same = [new]
        record = {"Face": self._told(same[0]), "FaceDetail": {"BoundingBox": BOX}}
        return {"FaceRecords": [record], "UnindexedFaces": [], "FaceModelVersion": self.model}

    def _SearchFacesByImage(self, asked):
        held, template = self._held(asked), self._face(asked["Image"])
        if not held:
            return {"FaceMatches": [], "FaceModelVersion": self.model}
        alike = self._alike(template, [f["template"] for f in held])
        order = np.argsort(-alike, kind="stable")[: asked.get("MaxFaces", 80)]
        matches = [
            {"Similarity": float(alike[k]), "Face": self._told(held[k])}
            for k in order
            if alike[k] >= asked.get("FaceMatchThreshold", 80)
        ]
        return {
            "SearchedFaceBoundingBox": BOX,
            "SearchedFaceConfidence": 99.0,
            "FaceMatches": matches,
            "FaceModelVersion": self.model,
        }


BOX = {"Width": 0.5, "Height": 0.5, "Left": 0.2, "Top": 0.2}
