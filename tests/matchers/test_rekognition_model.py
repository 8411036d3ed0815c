"""Calls and answers by the service's own model, which its library carries."""

from __future__ import annotations

import base64
import io

import boto3
import numpy as np
import pytest
from botocore.stub import ANY, Stubber
from PIL import Image

from labkit import data
from labkit.matchers import MatcherError, RekognitionMatcher, SFaceMatcher
from labkit.matchers.rekognition.calls import METHODS
from tests.matchers.stand_in import BOX, StandIn

SMALL = {"Width": 0.1, "Height": 0.1, "Left": 0.0, "Top": 0.0}


@pytest.fixture(scope="module")
def few():
    return data.load("anytown/dev").pictures[:4]


@pytest.fixture
def stubbed():
    client = boto3.client(
        "rekognition",
        region_name="eu-west-1",
        aws_access_key_id="AKIASTUB000000000000",
        aws_secret_access_key="opens-nothing",
    )
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture
def vendor(stubbed):
    said = []
    matcher = RekognitionMatcher(budget=1, client=stubbed.client, progress=False, say=said.append)
    matcher.account.calls._sleep = lambda seconds: None
    matcher.said = said
    return matcher


def match(similarity, box, **more):
    return {"Similarity": similarity, "Face": {"BoundingBox": box, "Confidence": 99.0, **more}}


PAIR = {
    "SourceImage": {"Bytes": ANY},
    "TargetImage": {"Bytes": ANY},
    "SimilarityThreshold": 0.0,
    "QualityFilter": "NONE",
}


def test_two_pictures_are_compared_without_a_threshold_and_the_largest_face_counts(
    stubbed, vendor, few
):
    for matches, others in (
        ([match(99.5, BOX)], []),
        ([match(88.0, SMALL), match(12.5, BOX)], []),  # the more alike is a smaller face
        ([match(88.0, SMALL)], [{"BoundingBox": BOX}]),
        ([], []),
    ):
        answer = {"FaceMatches": matches, "UnmatchedFaces": others}
        stubbed.add_response("compare_faces", answer, PAIR)
    found = vendor.compare([few[0]] * 4, [few[1], few[2], few[3], few[0]])
    assert np.allclose(found.similarity, [99.5, 12.5, 0.0, np.nan], equal_nan=True)
    assert "2 faces" in found.table["words"][1] and found.table["status"][3] == "no face"
    assert "To Amazon Rekognition (eu-west-1)" in vendor.said[0]


def test_emotions_that_come_unasked_are_not_kept(stubbed, vendor, few):
    unasked = {"Emotions": [{"Type": "HAPPY", "Confidence": 99.0}], "Smile": {"Value": True}}
    stubbed.add_response("compare_faces", {"FaceMatches": [match(50.0, BOX, **unasked)]}, PAIR)
    vendor.compare(few[:1], few[1:2])
    assert list(vendor.account.kept._memory.values()) == [{"similarity": 50.0, "faces": 1}]


def test_a_gallery_is_made_filled_searched_and_deleted(stubbed, vendor, few):
    remote = vendor.collection(few[:2], ["row-0", "row-1"])
    of = {"CollectionId": remote.id}
    stubbed.add_client_error("describe_collection", "ResourceNotFoundException", "", 400, {}, of)
    stubbed.add_response("create_collection", {"StatusCode": 200, "FaceModelVersion": "7.0"}, of)
    for k in range(2):
        filed = {
            **of,
            "Image": {"Bytes": ANY},
            "ExternalImageId": f"row-{k}",
            "MaxFaces": 1,
            "DetectionAttributes": ["DEFAULT"],
            "QualityFilter": "NONE",
        }
        record = {"Face": {"ExternalImageId": f"row-{k}"}, "FaceDetail": {"BoundingBox": BOX}}
        left = {"Reasons": ["SMALL_BOUNDING_BOX"], "FaceDetail": {"BoundingBox": SMALL}}
        answer = {
            "FaceRecords": [record] if k == 0 else [],
            "UnindexedFaces": [left],
            "FaceModelVersion": "7.0",
        }
        stubbed.add_response("index_faces", answer, filed)
    asked = {
        **of,
        "Image": {"Bytes": ANY},
        "MaxFaces": 500,
        "FaceMatchThreshold": 0.0,
        "QualityFilter": "NONE",
    }
    found = [match(0.25, BOX, ExternalImageId="row-0")]
    answer = {"FaceMatches": found, "FaceModelVersion": "7.0"}
    stubbed.add_response("search_faces_by_image", answer, asked)
    stubbed.add_response("delete_collection", {"StatusCode": 200}, of)
    with vendor:
        (listed,) = remote.search(few[2:3])
    assert listed.places.tolist() == [0] and listed.similarity.tolist() == [0.25]
    assert listed.similarity.dtype == np.float32


@pytest.mark.parametrize("code", ["InvalidImageFormatException", "ImageTooLargeException"])
def test_an_image_that_the_service_refuses_is_no_face(stubbed, vendor, few, code):
    stubbed.add_client_error("compare_faces", code, "not this one", 400, {}, PAIR)
    stubbed.add_response("compare_faces", {"FaceMatches": [match(1.0, BOX)]}, PAIR)
    found = vendor.compare(few[:2], few[2:])
    assert np.isnan(found.similarity).tolist() == [True, False]
    assert found.table["words"][0] == "not this one"


def test_what_the_model_does_not_allow_is_one_sentence(vendor):
    with pytest.raises(MatcherError, match="boto3 refused CreateCollection"):
        vendor.account.calls.ask("CreateCollection", CollectionId="a name with spaces!" * 40)


def test_every_call_is_of_the_service_s_model(stubbed):
    methods = stubbed.client.meta.method_to_api_mapping
    assert {methods[method]: method for method in METHODS.values()} == METHODS


def test_the_stand_in_answers_as_the_model_says(stubbed, few):
    """So what is tested against the stand-in is tested against the service's own forms."""
    stand_in = StandIn(SFaceMatcher(progress=False))
    try:
        image = {"Bytes": base64.b64encode(png(few[0]))}
        of = {"CollectionId": "labkit-x"}
        for name, asked in (
            ("CreateCollection", of),
            ("IndexFaces", {**of, "Image": image, "ExternalImageId": "row-0"}),
            ("IndexFaces", {**of, "Image": image, "ExternalImageId": "row-0"}),  # not held twice
            ("SearchFacesByImage", {**of, "Image": image, "FaceMatchThreshold": 0}),
            ("CompareFaces", {"SourceImage": image, "TargetImage": image}),
            ("ListFaces", of),
            ("ListCollections", {}),
            ("DescribeCollection", of),
            ("DeleteCollection", of),
        ):
            answer = getattr(stand_in, f"_{name}")(asked)
            stubbed._validate_operation_response(name, answer)
            if name in ("SearchFacesByImage", "CompareFaces"):
                assert answer["FaceMatches"][0]["Similarity"] == pytest.approx(98.5, abs=0.1)
            if name == "DescribeCollection":
                assert answer["FaceCount"] == 1
    finally:
        stand_in.stop()


def png(picture):
    content = io.BytesIO()
    Image.fromarray(picture).save(content, "PNG")
    return content.getvalue()


def test_recipes_are_named_without_being_drawn():
    from labkit.making.gallery import Recipes

    people = data.gallery()
    recipes = Recipes(people)
    rows = [int(people.rows("council", photo)[0]) for photo in (0, 1)]
    keys = [recipes[row].key() for row in (*rows, rows[0])]
    assert keys[0] == keys[2] != keys[1]
