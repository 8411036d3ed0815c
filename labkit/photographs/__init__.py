"""Photographs of real people, which are read only after the consent questions were answered.

In: a folder of the learner's own, ``name/photo``, or the pairs of Labeled Faces in the Wild.  Out:
pictures that stay in memory, with a table of what was used and what was not, and why.  They are
reached as ``data.load_folder`` and ``data.load_lfw_pairs``.
"""
