# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # Watching a crowd
#
# **Minutes:** core 20, full 90
#
# **Kind:** working
#
# **You will**
#
# - say which faces of a crowd a detector finds, and what decides it
# - count alerts by passage, not by frame, and see whom a watchlist takes for somebody else
# - be the person who reviews a list of candidates, and count your own wrong names
#
# **You need** false alerts of a search and their rate, [FPIR](glossary.md#FPIR) (notebook 08).
#
# **Before this**, notebook 09 searched for people one photograph at a time. Here cameras look at
# everybody who passes, and people look at what the machine returns.

# %% tags=["core"]
import pandas as pd
from IPython.display import display

from labkit import check, data, journal, predict, result, say, views
from labkit.published import studies
from labkit.published.arrests import arrests
from labkit.street import crowd, make_up, passages, probes, review, tracks, worn
from labkit.views import caption, explorers, finding, limit, plots
from lessons.nb10 import words

pd.options.display.max_colwidth = None  # no cell of a table is cut off

# %% [markdown] tags=["core"]
# ## A crowd
#
# The coalition quotes Amazon, of November 2017: its service could be used to identify "all faces in
# group photos, crowded events, and public places such as airports". Before anybody is recognised, a
# detector has to [find the faces](glossary.md#face-detection). Two of them look at one invented
# crowd: dlib's, a method of 2005, and YuNet, a network of 2023. Neither is Amazon's, so this does
# not test what Amazon said. Here is the first of the pictures, before any detector has seen it:

# %% tags=["core"]
scene = crowd.load_crowd()
print(f"{len(scene.people)} people stand in {scene.people['scene'].nunique()} pictures.")
plots.show(*plots.photographed(scene))

# %% [markdown] tags=["core"]
# **Predict:** how many of the faces, in all pictures together, does dlib's detector find?

# %% tags=["core"]
guess = ...
predict("10-found", guess, low=0, high=len(scene.people), whole=True)

# %% tags=["core"]
found = scene.faces("dlib")["found"]
result("10-found", int(found.sum()), crowd.read_crowd(scene))
plots.show(*plots.found_by(scene))
limit(crowd.about_detectors())
gaps = [crowd.band_gap(scene, d, c) for c in scene.conditions for d in scene.detectors]
finding(crowd.read_bands(gaps))
caption(data.limits(short=True))

# %% [markdown] tags=["core"]
# Size decides most, measured in pixels between the eyes; of large faces dlib's detector also misses
# more when others hide them or they are turned away. "All faces" is a sentence about camera and
# distance as much as about the program. And about whose faces: the finding takes four looks, and
# compares darker with lighter faces of about one size.

# %% [markdown]
# Move through the picture: choose a detector, a size, and see whom it misses.

# %%
explorers.crowd(scene)

# %% [markdown] tags=["core"]
# ## People of interest
#
# In February 2018 Amazon encouraged the use of its service to watch for "people of interest". The
# coalition's letter of May 2018 answered that whoever a government labels could be watched so.
#
# Here people walk past a fixed camera, which takes several frames of each. Some of them are on a
# [watchlist](glossary.md#watchlist), the others on no list. They pass far more often here than on
# any street: that is a choice, so that both kinds can be counted. One
# [passage](glossary.md#passage) is one trial: a person who passes is stopped once or not at all,
# however many frames there are. The threshold is low, so that there are false alerts to count. It
# is an illustration and not the station's of notebook 08: several were in view, and this is one at
# which the rate of frames has an interval.

# %% tags=["core"]
walk = passages.load_passages()
threshold = passages.threshold_for("dlib", 5e-3).value
seen = passages.search(walk, "dlib", "fixed camera", threshold)
rates = passages.rates(seen)
f, n = rates.frame.value, walk.frames
say(f"Of single frames of people on no list, {f:.4f} give a false alert. Frames a passage: {n}.")

# %% [markdown] tags=["core"]
# **Exercise 10-a (check).** Suppose that the frames of a passage were independent, as if each
# showed somebody else. What share of passages would then give at least one false alert? Answer to
# three digits, such as 0.567 or 0.0567. `f` and `n` are there; Python writes 2 to the power 3 as
# `2 ** 3`.

# %% tags=["core", "exercise"]
answer = ...
independent = check("10-a", answer).value

# %% [markdown] tags=["solution"]
# A passage stays silent only when every frame does: `(1 - f) ** n`. The rest alerts. Adding the
# frames up, `n * f`, counts a passage with two alerts twice.

# %% tags=["core", "solution"]
answer = 1 - (1 - f) ** n
independent = check("10-a", answer).value

# %% tags=["core"]
say(words.passed(rates.passage, independent, n))
plots.show(*plots.by_passage({"dlib": rates}))

# %% [markdown] tags=["core"]
# A passage alerts as soon as one of its frames does, so its rate is never below that of frames. How
# far above it lies, arithmetic alone does not tell. So it is counted by passage.

# %% [markdown]
# Here they come, in an order drawn by lot. Read the last column before you believe an alert. In
# this demonstration one in four who pass is listed. On a street it would be far fewer: the second
# sentence carries both rates of *this* low threshold over to one in a thousand.

# %%
day = passages.comes_by(seen, seed=1)
say(passages.alert_words(day))
say(words.precise(rates, 1 / 1000))
views.table(day[["watched", "frames", "frame_alerts", "words"]].head(12))

# %% [markdown]
# ## Who is on the list
#
# Two watchlists of equal size: one like the town, one on which the share of darker people is twice
# that. It is called over-policed, a word of the coalition's letter; what was done is "twice the
# share", and neither why nor where that is so is shown. Nobody who passes here is on either. A
# passer-by meets everybody on the list, those of the own band and the others. So the false
# candidates to expect are a sum: people listed of each band, times how often two such people are
# confused. The first table was measured with other people, at one threshold for all: a very low
# one, so that there is something to count.

# %%
lists = make_up.watchlists(data.gallery())
confused, listed = lists.rates, lists.listed
say("How often a passer-by (row) is taken for a listed person (column):")
display(views.table(confused, 7))
views.table(listed)

# %% [markdown]
# **Exercise 10-b (check).** How many times as many false candidates does arithmetic expect for a
# **darker** passer-by from the over-policed list as from the town's? Answer to three digits, such
# as 2.34. `confused.loc["darker"]` is a row, and `listed.loc["town"]` too; their products added up
# are `(confused.loc["darker"] * listed.loc["town"]).sum()`.

# %% tags=["exercise"]
answer = ...
factor = check("10-b", answer).value

# %% [markdown] tags=["solution"]
# Three products for each list. The factor is below 2, although the list has twice as many darker
# people: they are sometimes taken for people of other bands too, and of these fewer are listed.

# %% tags=["solution"]
row = confused.loc["darker"]
answer = (listed.loc["over-policed"] * row).sum() / (listed.loc["town"] * row).sum()
factor = check("10-b", answer).value

# %%
finding(words.listed(lists))
display(views.table(lists.table().reset_index(), 4))
limit(data.limits())

# %% [markdown]
# ## Body-worn cameras
#
# In February 2018 Amazon advertised its service for officers' body cameras; the letter warned of
# moving surveillance. A camera on a chest moves, sees at an angle, and works at night. The same
# people, the same list, another camera:

# %%
cameras = worn.worsens(walk, "dlib", threshold)
say(words.worn(cameras))
views.table(cameras[["no face", "missed", "false alerts"]].map(str).reset_index())

# %% [markdown]
# Each person is compared with themself, so differences are not due to who passed. How strong motion
# and noise are was chosen, not measured on a product. Fewer alerts are no gain by themselves: look
# at what happens to those who should have been found.
#
# ## The same person, frame after frame
#
# To follow somebody through a picture, boxes of one frame are joined to boxes of the next: to those
# that overlap and look alike. A [track](glossary.md#track) should be one person.

# %%
steps = tracks.load_walk()
say(tracks.judge(steps, tracks.link(steps)).read())

# %% [markdown] tags=["core"]
# ## Human review
#
# A search is there "to help narrow the field and allow humans to expeditiously review and consider
# options using their judgment", Amazon answered in July 2018. That is the strongest answer to wrong
# matches. Researchers replied in April 2019 that a machine's decisions "may also seem more correct
# than they actually are" ([automation bias](glossary.md#automation-bias)). Both can be tried. You
# are the examiner. You see a [probe](glossary.md#probe), a new photograph, and the five most alike
# of the people in the town's gallery, from real searches with dlib. In half of the cases the person
# is enrolled and among the five. In the other half the person is **not enrolled**, and five others
# are listed all the same: a list without a threshold is never empty. Name one, or nobody. In half
# of the cases you see the percentage that DeepFace gives (notebook 03 showed what it is made of).
# The order was drawn by lot.

# %% tags=["core"]
cases = review.cases()
kept = journal.recall(review.ANSWERS, [""] * len(cases), fits=cases.fits)
game = explorers.review(cases, answers=kept.value)
game

# %% [markdown] tags=["core"]
# When you have answered all, **run the next cell**. Beside you stand two *rules*, which are no
# people: one names the first candidate always, the other only from a threshold on that was chosen
# with other people (one in ten of whom it names wrongly).

# %% tags=["core"]
if game.finished:
    journal.keep(review.ANSWERS, game.answers)
cut = review.threshold_of(data.gallery())
say(words.reviewed(game.answers, cases))
views.table(review.side_by_side(game.answers, cases, cut.value).reset_index())

# %% [markdown] tags=["core"]
# Cases in which the person was not among the five were left out, so both rules look better here
# than on everybody. Look at the column of those not enrolled. Who names the first candidate
# whenever there is one seems good in half of the cases, and in the other half names an innocent
# person every time. A study that shows reviewers only cases in which the person is there cannot see
# that.

# %% [markdown]
# A rule can be tried on more than twelve cases: here on everybody with a second photograph. So can
# the percentage that you saw.

# %%
everybody = review.searches(data.gallery())
say(review.percentages(cases, everybody))
views.table(review.rates(everybody, cut.value).reset_index())

# %% [markdown]
# And people? Others have measured them, on real faces. Read what was compared with what.

# %%
studies.human_review(
    [
        "bruce-1999-ten",
        "white-2015-adults",
        "white-2015-officers",
        "white-2015-examiners",
        "phillips-2018-together",
        "howard-2020-labels",
    ]
)

# %% [markdown]
# ## Pictures that police have searched with
#
# A search takes any picture. What police have put in, told from their own papers by Garvie (2019),
# "Garbage In, Garbage Out", and what they answer. (The table mentions an arrest in one sentence.)

# %%
studies.probes()

# %% [markdown]
# Three such pictures, tried on two invented people who **are** enrolled: blurred, with the mouth of
# another one, and the photograph of a look-alike who is not enrolled. A row is one person; beside
# each probe stands the first candidate that the search returns.

# %%
shown, said = probes.demonstrated()
plots.show(*plots.wall(shown, captions=said, columns=8, alt="Probes and their first candidates."))

# %%
tried = probes.searched(data.gallery())
say(words.altered(tried, cut.value))
views.table(tried.counts(cut.value).reset_index())

# %% [markdown]
# Whoever completes a face adds what is not known. Police say that it fills gaps and is checked
# afterwards; critics that it makes evidence. The table shows what a search makes of it, here.
#
# **Exercise 10-c (choose).** A department says: "A person looks at every list before anything is
# done." All six of these are worth knowing. Which of them tell you how often an innocent person
# would be named, or what then still stands between that person and an arrest? Give one name in
# quotes, or several as a list.
#
# - `'absent'`: how often its reviewers name somebody when the person is not enrolled
# - `'present'`: how often they find the person when the person is enrolled
# - `'blind'`: what they are told before they look: a score, a name, a record
# - `'percent'`: the percentage of the first candidate
# - `'years'`: how many years the reviewers have been doing it
# - `'evidence'`: what has to be found, apart from the photograph, before somebody is arrested

# %% tags=["exercise"]
answer = ...
check("10-c", answer)

# %% [markdown] tags=["solution"]
# A safeguard is judged by what it does when the machine is wrong. The first says how often
# reviewers are wrong then, the last what still stands in the way of an arrest. The others say why
# reviewers may be right or wrong: whoever wants to improve a review needs them.

# %% tags=["solution"]
answer = ["absent", "evidence"]
check("10-c", answer)

# %% [markdown]
# ## When the review was wrong
#
# > **Content note.** The next cell tells of people who were arrested, jailed, stopped or turned
# > away after a wrong match, in most cases after a person had confirmed it. If you would rather not
# > read it, go on to the next heading. To read it, set `read_on = True` and run the cell.

# %%
read_on = False
arrests(read_on)

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - How well Amazon's service, or any camera on a real street, finds or recognises anybody.
# - How good you are at this: twelve drawn cases cannot say, and drawings are not faces.
# - What trained examiners do, with more time and better pictures than you had.
# - What a percentage does to people: three cases with it cannot say. The studies can.
# - Differences between tones that come from face shape or ancestry: they are not built in.
#
# ## Key points
#
# - Small and hidden faces are missed. Ask also whose faces "all faces" are, and in which light.
# - Count by passage: one person who passes is one trial.
# - Who is listed decides who is wrongly taken for somebody; no matcher has to change for it.
# - A list without a threshold always names somebody. Ask what reviewers do when nobody is right.
#
# ## Talk about it
#
# Think of a case in which somebody was named, or might have been, who was not the one. What would
# you have wanted to know before the police knocked at that person's door? And what would *they*
# have wanted you to do?
#
# ## Next
#
# Notebook 11 puts the cameras of a whole city together: who is followed, and where to.
