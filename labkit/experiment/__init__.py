"""One cause at a time: what a change of one thing does to the error rates of groups.

In: people, photographs and matchers that differ in one thing.  Out: differences by person, with
intervals, controls, and sentences that the numbers decide.
"""
