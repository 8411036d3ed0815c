"""Photographs of real people: of a folder, once the consent questions were answered; or LFW's.

In: a folder of the learner's own, ``name/photo``, which takes ``consent=``; or the pairs of Labeled
Faces in the Wild, whose report tells of no consent, so that none can be asked for.  Out: pictures
that stay in memory, with a table of what was used and what was not, and why.  They are reached as
``data.load_folder`` and ``data.load_lfw_pairs``.
"""
