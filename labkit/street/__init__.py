"""The street: crowds, passages past cameras, and what is done with the lists that searches give.

In: invented people, the gallery, matchers.  Out: who is found, who is named, and how often wrongly.
:mod:`~labkit.street.review`: a person looks at five candidates; :mod:`~labkit.street.probes`:
pictures as police have altered them before a search.
"""
