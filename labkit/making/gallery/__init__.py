"""Who is searched and who is searched for: a gallery of 25,000 invented people and its probes.

In: seeds.  Out: ``data/gallery``.  Who is in it: :mod:`~labkit.making.gallery.people`; how they
are drawn and described: :mod:`~labkit.making.gallery.sitting`; what is stored:
:mod:`~labkit.making.gallery.make`.
"""

from labkit.making.gallery.sitting import Recipes, picture

__all__ = ["Recipes", "picture"]
