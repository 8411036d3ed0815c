"""What the page "Match two faces" says.

In: nothing.  Out: sentences, in the reader's language.  The page's script puts numbers in.
"""

from __future__ import annotations

from labkit.base.words import N_, _

CONSENT = {
    "open": N_("Question {number} has no answer yet: “{question}” Choose an answer."),
    "no": N_(
        "Question {number} was answered no: “{question}” So no photograph of yours is used. The"
        " invented people are there for everybody."
    ),
}
"""What stands in the way of a photograph of one's own."""

SAID = {
    # ---- bringing
    "bringing": N_("Brought {done} of {all} MB."),
    "starting": N_("Everything is here. The networks are being started: this takes some seconds."),
    "ready": N_("The matcher runs in this page now, and nowhere else."),
    "piece_missing": N_(
        "The file {file} is missing or damaged: copy the folder of this page again, whole."
    ),
    "cannot_start": N_(
        "The matcher cannot run in this browser ({file}): try a newer Firefox, Chrome, Edge or"
        " Safari."
    ),
    "working": N_("Comparing…"),
    # ---- a face
    "found": N_("A face, with a score of {score}, and its five points."),
    "several": N_("{n} faces were found: the largest is used."),
    "turned": N_("The face lies turned by {degrees} degrees: it was turned upright."),
    "small": N_(
        "The face is {width} pixels wide: there is little to tell it by, so give a larger picture."
    ),
    "no_face": N_("No face was found in this picture."),
    "found_by_dlib": N_(
        "Here dlib found the face when the picture was drawn; this page is given the cut-out."
    ),
    "chip_alt": N_("The face cut out, {side} by {side} pixels, turned and scaled."),
    # ---- a similarity
    "similarity": N_("Similarity: {similarity}"),
    "by_python": N_("Python computed {similarity} for the same two photographs."),
    "by_python_rounded": N_(
        "Python computed {similarity} for the same two photographs; there onnxruntime may round"
        " what goes into the last layer to 8 bits, here it does not."
    ),
    "no_similarity": N_("There is no similarity, because there are no two faces to compare."),
    "threshold_own_choice": N_("A threshold of your own choice."),
    # ---- a verdict
    "no_verdict": N_("Without two faces there is no verdict."),
    "match": N_("Match: the similarity {similarity} is at or above the threshold {threshold}."),
    "no_match": N_("No match: the similarity {similarity} is below the threshold {threshold}."),
    "false_match": N_(
        "These are two different people, so this is a false match: somebody is taken for somebody"
        " else."
    ),
    "right_no_match": N_("These are two different people, so this is right."),
    "right_match": N_("Both photographs are of one person, so this is right."),
    "miss": N_(
        "Both photographs are of one person, so this is a miss: the person is not recognised."
    ),
    "same_picture": N_("It is the same photograph twice: that says nothing about a matcher."),
    "own_match": N_(
        "One of the two is invented and exists nowhere, so this is a false match, whoever is in the"
        " other photograph."
    ),
    "own_no_match": N_("One of the two is invented and exists nowhere, so this is right."),
    "own_both": N_("Whether these show one person the matcher does not know; perhaps you do."),
    "rates": N_(
        "How often is it wrong at {threshold}? Of the comparisons of two different invented people,"
        " the share that match (FMR): {fmr}. Of the comparisons of one invented person's"
        " photographs, the share that do not (FNMR): {fnmr}."
    ),
    # ---- a photograph of one's own
    "own_name": N_("Your photograph"),
    "bring_first": N_("Bring the matcher first, then choose a photograph."),
    "consent_complete": N_("All ten questions are answered: you may choose a photograph."),
    "reading": N_("Looking for a face…"),
    "own_taken": N_("The photograph is shown above. It is in this page only."),
    "own_no_face": N_(
        "No face was found: choose a photograph in which one face can be seen, from the front and"
        " not too small."
    ),
    "own_no_picture": N_(
        "This file is not a picture that can be read here: choose a JPEG, PNG or WebP."
    ),
    "own_empty": N_("This file is empty: choose another one."),
    "own_heavy": N_("This file has more than 200 MB: choose a smaller picture."),
    "own_large": N_("This picture has more than 50 million pixels: make it smaller first."),
    "forgotten": N_(
        "Forgotten: the photograph, the numbers that were made of it, and your answers."
    ),
}
"""What the script says, by key."""

KINDS = {
    "false match": N_("Two people whom {matcher} takes for one"),
    "miss": N_("One person whom {matcher} does not recognise"),
    "ordinary": N_("One person, chosen because they come first"),
}
"""What a pair is shown for."""

NAMED = {
    "own": N_("The lab's: {threshold:.3f}"),
    "library": N_("OpenCV's: {threshold:.3f}"),
}
"""Buttons that set the threshold."""

MEANS = {
    "own": N_(
        "The lab's own threshold: chosen on {people} other invented people, so that on average over"
        " {groups} groups of them 1 in {one_in:,} comparisons of two different people of one group"
        " match. Over all pairs of people, as below, the rate is another. The audit report of this"
        " matcher uses another threshold, for another rate."
    ),
    "library": N_(
        "The threshold that OpenCV gives with this network. It was chosen on photographs of real"
        " people; on these drawings {fmr} of the comparisons of two different people match."
    ),
}

PERSON = N_("Person {letter}, photograph {number}")
ALT = N_("A drawn portrait of an invented person: {name}.")
"""Name and description of a photograph."""


def said() -> dict[str, str]:
    """The script's sentences, in the reader's language.

    Examples
    --------
    >>> said()["own_name"]
    'Your photograph'
    """
    return {key: _(text) for key, text in SAID.items()}
