# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # Decide
#
# **Minutes:** core 15, full 75
#
# **Kind:** deciding
#
# **You will**
#
# - weigh eight options, each with the best words of both sides and with what became of it
# - tell your own numbers from the lab's, and both from what no number says
# - vote twice, and write a decision memo that somebody who disagrees can read
#
# **You need** false alerts of a search and the two errors of a threshold (notebooks 08 and 09).
#
# **Before this**, notebooks 03 to 11 measured. Here you decide. There is no right vote.

# %% [markdown] tags=["core"]
# > **Content note.** Tables here name court cases about wrong arrests, in a line each, and quote
# > two people who were taken for somebody else; none is named. If something like that happened to
# > you or to somebody near you, notebook 01 has a section for you:
# > [If it happened to you](01_the_case.ipynb#If-it-happened-to-you).

# %% tags=["core"]
import pandas as pd
from IPython.display import display

from labkit import check, gallery, predict, result, say, views
from labkit.learning import ballot, own, roles, vote
from labkit.learning.memo import Memo
from labkit.published import options
from labkit.published.positions import positions

# %% [markdown] tags=["core"]
# ## The vote before
#
# The council of Anytown, a town of invented people, decides whether its police may use face
# recognition. These are its options, from the one that allows least:
#
# - `"no"`: no use at all
# - `"pause"`: not now, until there is a law
# - `"agree"`: only if the public has agreed
# - `"after"`: after a crime only, never live
# - `"law"`: with rules in law
# - `"audit"`: with an audit
# - `"strict"`: at a strict setting, and a person decides
# - `"police"`: under existing law, by the police's own rules
#
# Vote before you read on. Your vote is kept in your journal on this computer, and nobody says
# whether it is a good one. You may leave the three dots.

# %% tags=["core"]
before = ...
vote.cast("before", before)

# %% [markdown] tags=["core"]
# ## The options
#
# In each row stand the strongest argument that we found of those who want it, and the best reply
# that we found. Words in quotation marks are theirs; the rest is ours. A reply was not always said
# to these words, and some are older than what they answer. Which would you not like to have to
# answer?

# %% tags=["core"]
options.options()

# %% [markdown] tags=["core"]
# ## What became of them
#
# Most of these have been tried somewhere. Take bans: seven times a row of this lab's record, which
# holds some of many, says that lawmakers forbade it, for good or for a time.
#
# **Predict before you look:** how many of the seven are over by now, because they were taken back,
# in whole or in part, or because they ran out as planned? A whole number.

# %% tags=["core"]
guess = ...
predict("12-undone", guess, low=0, high=7, whole=True)

# %% tags=["core"]
every, over = options.forbidden()
result("12-undone", over, f"{over} of {every}")
say(options.undone())

# %% [markdown] tags=["core"]
# The record is what we read, mostly of the US and the UK, so this is no rate. And that a rule went,
# or a promise, does not say that it was a bad one, nor that it was a good one.

# %% [markdown]
# Who wanted what in 2018 and 2019, and what became of that; and the same for each option, in court
# too. A court decides about one case and one rule. Look for a case that each side won.

# %%
display(positions())
options.tried()

# %% [markdown] tags=["core"]
# ## What your numbers say
#
# Here are numbers of notebooks 03 to 11. Where your journal holds your own, it stands there; where
# it does not, the number is computed in the next cell, which takes some seconds. Brackets hold a
# 95% interval: how far other people, met in place of these, could have moved the number.
#
# Beside them is what others measured on real people. The sizes differ, some by thousands: old free
# matchers, drawn faces, a setting and a list chosen for a lesson, against products of today and
# alerts that the police classified themselves. So take from ours how a number moves and whom it
# hits, and sizes from theirs, with whose count it is. The table shows the option that you voted
# for, or the two ends of the list. Put another short word in place of `before`, or `"all"`.

# %% tags=["core"]
mine = own.numbers()
say(mine.told())
own.weigh(mine, before)

# %% [markdown] tags=["core"]
# Read the last column, too. An option can be wrong with good numbers and right with bad ones: that
# is decided there.

# %% [markdown]
# All numbers in one table, all eight options, and the guesses of your ballot that no notebook has
# opened yet:

# %%
display(mine.page(), own.weigh(mine, "all"))
ballot.open_rest(mine.ballot())

# %% [markdown] tags=["core"]
# ## Your memo
#
# **Exercise 12-a (write).** Write to the council, a sentence or two between each pair of quotes.
# Lines that you leave empty become lines to write on by hand. Run the cell: it asks three questions
# about your memo, and gives you two links. The page prints; it holds your sentences, the numbers
# with their intervals and whose they are, and what was not measured. Answer in the order of the
# questions, such as `["yes", "no", "yes"]`. An honest "no" is a good answer.

# %% tags=["core", "exercise"]
memo = Memo(
    option="",  # a short word from the list above, or your own words
    because="",  # why, with a number and whose it is
    against="",  # the strongest reason against it
    reply="",  # what you answer
    bears="",  # who bears what is left, and what the town owes them
    change="",  # what would change your mind
    signed="",  # a name, a code, or nothing
)
answer = ...
check("12-a", answer)
memo.export(mine)

# %% [markdown] tags=["core", "solution"]
# There is no right memo, so here are two that disagree. Each gives a number with its base and its
# source, lets the other side speak, and says who bears what is left. What makes a memo good is that
# whoever loses the vote finds their reason in it.

# %% tags=["core", "solution"]
from lessons.nb12 import words

no, after = words.memo("no"), words.memo("after")
say(no.written)
say(after.written)
answer = ["yes", "yes", "yes"]
check("12-a", answer)
no.export(mine)

# %% [markdown]
# ## What a step exchanges
#
# "Set it stricter" spares innocent people and loses wanted ones. How many for how many? A day at
# the station of notebook 08, where 20,000 people pass and 100 of them are in the gallery, at two
# settings: 50 of 100 innocent searches of dev return somebody, or 5.

# %%
town, day = gallery.searched("dlib"), {}
for name, share in {"loose": 0.5, "strict": 0.05}.items():
    t = town.threshold(share).value
    day[name] = {
        "innocent people alerted": 19_900 * town.at(t).fpir().value,
        "wanted people found": 100 * town.tpir(t).value,
    }
day = pd.DataFrame(day).T
views.table(day, 5)

# %% [markdown]
# **Exercise 12-b (check).** From loose to strict: for each wanted person who is no longer found,
# how many innocent people *fewer* are alerted? Let Python do it: `day.loc["loose", "wanted people
# found"]` reads one number. Three digits have to be right.

# %% tags=["exercise"]
answer = ...
check("12-b", answer)

# %% [markdown] tags=["solution"]
# People spared, divided by people lost. One ratio holds both errors, and it belongs to this day:
# with ten times as many wanted people among those who pass it would be about a tenth. Whether so
# many false alerts are worth one find is in no number. It depends on what an alert does to somebody
# who did nothing, and on what somebody who is not found does, or what is done to them.

# %% tags=["solution"]
step = day.loc["loose"] - day.loc["strict"]
answer = step["innocent people alerted"] / step["wanted people found"]
check("12-b", answer)

# %% [markdown]
# ## A hearing
#
# A group can play the decision. The cards speak for six sides, three that want it used and three
# that want it limited, in words from the record, with something hard to answer for each. Nobody has
# to take a role, and nobody plays a person who was harmed: the first page says how to begin and how
# to end. Half an hour is enough.

# %%
roles.export()

# %% [markdown] tags=["core"]
# ## The vote afterwards
#
# Vote again. To stay and to change are equally good. Tell somebody what moved you, or what did not.

# %% tags=["core"]
after = ...
vote.cast("after", after)

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - What any product does, or anything about real people: numbers of yours and ours come from free
#   matchers on drawn faces.
# - What it adds. Two studies of US cities come near, by some of the same authors, read by us in
#   their abstracts: with it, one finds less violent crime and no racial gap in arrests for
#   violence, the other a larger racial gap in arrests. Neither is an experiment.
# - What people want who live where it would stand. We asked nobody. Polls of whole countries that
#   we read of find more for it than against; whoever was stopped is not asked there.
# - The whole record: laws change, and "no end known to us" is no promise. This is no legal advice.
#
# ## Key points
#
# - Numbers say what an option costs and whom. They do not say what it is worth.
# - Say of a number whose it is, of how many, and on whom it was measured.
# - Bans have been taken back and rules have been broken: ask of each who looks.
# - The best test of a decision is whether those who lost it find their reason in it.
#
# ## Talk about it
#
# Which single fact, if somebody could find it out, would change the most votes in this room? Who
# could find it out, and why has nobody?
#
# ## Next
#
# Nothing has to follow. Notebook 13 is for those who want to try real photographs, with consent.
