"""Experiments about one factor of the invented photographs, designed by whoever reads.

In: a factor and its levels.  Out: a table with intervals, a sentence, and how many people it takes.
"""

from labkit.experiment.design import PLACEBO, Design, Result, Studio, run
from labkit.experiment.factors import PLACES, THINGS
from labkit.experiment.power import Needed, needed

__all__ = ["PLACEBO", "PLACES", "THINGS", "Design", "Needed", "Result", "Studio", "needed", "run"]
