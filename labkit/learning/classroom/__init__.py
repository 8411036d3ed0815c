"""A class's journals as one page for discussion: ``python -m labkit class FOLDER``.

In: a folder of journals that learners exported.  Out: an HTML file with guesses beside results,
the mistakes that many met, what was chosen and the vote; and one sentence for every file that was
passed over.  Nobody's answers can be followed from one part of the page to the next.
"""
