"""Exercises and their answers, the journal, sentences for learners.

What a lesson needs to ask::

    from labkit.learning import Absolute, Check, Choose, Exact, Relative, Write

and what a notebook calls: ``check`` judges an answer, ``predict`` keeps a guess, ``result`` shows
it beside what was measured, ``say`` prints sentences.
"""

from labkit.learning.checks import Checked, check
from labkit.learning.exercises import Absolute, Cases, Check, Choose, Exact, Relative, Write
from labkit.learning.journal import predict, result
from labkit.learning.stumbles import listen
from labkit.views.callouts import say

listen()  # in a notebook: one sentence below an error in the cell of an exercise

__all__ = [
    "Absolute",
    "Cases",
    "Check",
    "Checked",
    "Choose",
    "Exact",
    "Relative",
    "Write",
    "check",
    "predict",
    "result",
    "say",
]
