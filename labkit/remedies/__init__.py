"""Can unequal errors be mended? Remedies fitted on some people and judged on others.

In: a matcher, people to fit on (``dev``) and people to judge on (``eval``).  Out: for each remedy
the group tables before and after, of the same people, and what may be said of the change::

    from labkit import remedies

    town = remedies.Town.of("dlib")
    results = [remedies.drawn_again(town), remedies.group_thresholds(town)]
    remedies.table(results)

==========================  =====================================================================
:class:`Town`               a matcher, the people it is fitted on and those it is judged on
:func:`drawn_again`         the null remedy: dev drawn again, nothing mended
:func:`group_thresholds`    one threshold for each group, of the enrolled person's record
:func:`by_record`           what those get whose record is wrong
:func:`quality_gate`        photographs of low measured quality are turned away
:func:`recentred`           similarity measured from the mean of a chosen sample
:func:`s_norm`              scores set against those with strangers
:func:`other_training`      networks trained here on other people, or on more of them
:func:`exposure`            a camera that exposes for the face
:class:`Judged`             what each of them gives
:func:`looks`               all changes of a page, adjusted together (Holm)
:func:`table`               every group's errors before and after
:func:`told`                the change of one remedy in words
:func:`final`               the final table, made once on holdout; :func:`made`,
                            :func:`summary`
==========================  =====================================================================

No remedy is fitted on the people it is judged on.  What a change would come to by luck of the
people that a threshold was chosen on, the null remedy says; it belongs beside all of them.
"""

from labkit.remedies.final import final, made, summary
from labkit.remedies.judged import Judged, looks, table
from labkit.remedies.pictures import QUALITIES, exposure, quality_gate
from labkit.remedies.scores import origin_of, recentred, s_norm
from labkit.remedies.thresholds import by_record, drawn_again, group_thresholds
from labkit.remedies.town import Side, Town
from labkit.remedies.training import other_training
from labkit.remedies.words import told

__all__ = [
    "QUALITIES",
    "Judged",
    "Side",
    "Town",
    "by_record",
    "drawn_again",
    "exposure",
    "final",
    "group_thresholds",
    "looks",
    "made",
    "origin_of",
    "other_training",
    "quality_gate",
    "recentred",
    "s_norm",
    "summary",
    "table",
    "told",
]
