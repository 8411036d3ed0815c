"""One thing changed at a time: what is a cause of unequal errors here, and how sure one may be.

In: counted errors of networks that were trained on different people.  Out: effects with intervals,
and sentences that say which way the numbers fell.
"""
