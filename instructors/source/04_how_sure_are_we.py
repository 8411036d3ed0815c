# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown] tags=["core"]
# # How sure are we?
#
# **Minutes:** core 20, full 75
#
# **Kind:** working
#
# **You will**
#
# - see how far an error rate moves when other people are met
# - compute an interval by hand, with people as the units
# - say why a count of comparisons is not a count of people
#
# **You need** to know what FMR and FNMR are (notebook 03).
#
# **Before this**, notebook 03 set a threshold on 480 people and measured its error rates. Here we
# ask what those rates are worth.

# %% [markdown]
# In the full form you also tell a headline that the data support from two that they do not.

# %% tags=["core"]
import numpy as np
import pandas as pd

from labkit import check, data, measure, predict, result, say
from labkit.measure import reading
from labkit.views import explorers, finding, plots
from lessons.nb04 import words

# %% [markdown] tags=["core"]
# ## One town, one threshold
#
# Take the 480 people of dev as the whole town, and the threshold at which its FMR is 1e-2 (1 in
# 100; see [1e-3](glossary.md#1e-3)). The errors are counted by pair of people.

# %% [markdown]
# `false[i, j]` is how many comparisons of person i with person j match, `compared[i, j]` how many
# were made.

# %% tags=["core"]
dev = data.load("anytown/dev")
pairs = measure.all_pairs(dev.templates, dev.of("person"), "euclidean")
threshold = measure.threshold_at_fmr(pairs.impostor, 1e-2)
false, compared, people = pairs.pair_counts(threshold)
town = false.sum() / compared.sum()
print(f"{false.sum() // 2:,} of {compared.sum() // 2:,} comparisons match falsely: FMR {town:.4f}.")
print(f"They come from {pairs.people_count} people, {pairs.person_pairs_count:,} pairs of people.")

# %% [markdown] tags=["core"]
# ## What if we had met other people?
#
# Most tests never see a whole town: they photograph some people, here 80 of the 480. Somebody
# else would have met other people and counted another rate. **Predict before you run:** 20
# testers each meet 80 people of this town, chosen by lot. The town's FMR is 0.01. What is the
# **highest** of their 20 rates? Write 0.02, not 2%.

# %% tags=["core"]
guess = ...
predict("04-highest", guess, low=0, high=1)

# %% tags=["core"]
rng = np.random.default_rng(4)
draws = [rng.choice(len(people), 80, replace=False) for _ in range(20)]


def among(draw):
    """The two tables for the people of one draw."""
    return false[np.ix_(draw, draw)], compared[np.ix_(draw, draw)]


seen = np.array([f.sum() / n.sum() for f, n in map(among, draws)])
result("04-highest", seen.max().round(4))
finding(words.draws(seen, town, 80))

# %% [markdown] tags=["core"]
# The same 20 rates as dots, the lowest at the bottom:

# %% tags=["core"]
fig, ax = plots.figure(height=2.8, about="20 testers, 80 people each; dashed: the town")
ax.plot(np.sort(seen), range(1, 21), "o")
ax.axvline(town, color="black", linestyle="--")
ax.set(xlabel="FMR among 80 people", ylabel="tester, lowest first")
ax.set_xlim(left=0)
alt = f"Twenty dots from {seen.min():.4f} to {seen.max():.4f}, the town's {town:.4f} among them."
plots.show(fig, alt, pd.DataFrame({"FMR": np.sort(seen)}, index=range(1, 21)))

# %% [markdown] tags=["core"]
# Every dot is an honest test of the same matcher in the same town at the same threshold. Nothing
# differs but who was met.
#
# ## Why counting pairs fools us
#
# 80 people make thousands of comparisons, and a formula for thousands of separate observations
# gives a very narrow [interval](glossary.md#interval). A 95% interval should hold the town's rate
# in 19 of 20 tests.

# %% tags=["core"]
by_comparison = [measure.wilson(f.sum() // 2, n.sum() // 2) for f, n in map(among, draws)]
middle = int(np.argsort(seen)[10])  # the tester with the 11th lowest of the 20 rates
f, n = among(draws[middle])
say(f"A tester from the middle: {f.sum() // 2:,} of {n.sum() // 2:,} comparisons,",
    f"{80 * 79 // 2:,} pairs of 80 people. Interval by comparisons: {by_comparison[middle]}")
say(reading.held("by comparisons", by_comparison, town))

# %% [markdown] tags=["core"]
# The comparisons are not separate observations. A person whom the matcher finds like many others
# brings a false match into many of them, and whoever meets that person counts them all. A thousand
# comparisons of ten people are not a thousand observations.

# %% tags=["core"]
finding(reading.busiest(measure.share_of_busiest(false, compared)))

# %% [markdown] tags=["core"]
# ## The interval by people
#
# Let the people themselves show how much each person changes the rate. Leave the first person out
# and compute the rate again; put them back, leave out the second, and so on. If the rates move a
# lot, another tester may count quite another rate. This is the
# [jackknife](glossary.md#jackknife), and `measure.fmr_interval` turns the movement into an
# interval.

# %% tags=["core"]
f, n = among(draws[middle])
without = [(f.sum() - 2 * f[k].sum()) / (n.sum() - 2 * n[k].sum()) for k in range(len(f))]
all_80 = f.sum() / n.sum()
furthest = max(without, key=lambda one: abs(one - all_80))
print(f"One person alone can move the rate from {all_80:.4f} to {furthest:.4f}.")
by_people = [measure.fmr_interval(*among(d)) for d in draws]
print(f"Interval by people: {by_people[middle]}")
say(reading.held("by people", by_people, town))
say(reading.finite_town(80, len(people)))

# %% [markdown] tags=["core"]
# Now draw more people, other numbers of people, again and again. Two names in the figure: the
# interval by comparisons is called [pair interval](glossary.md#pair-interval), the interval by
# people [person interval](glossary.md#person-interval). The hatched part, the
# [floor](glossary.md#floor), holds rates too small for so many people to show.

# %% tags=["core"]
explorers.redraw(pairs, threshold)

# %% [markdown]
# A second way, a formula instead of leaving out, should agree with the jackknife. And the lesson
# depends on where we stand: we work **at an FMR of 1e-2**. Where errors are so few that two of
# them rarely share a person, counting comparisons does less harm. Of 200 draws of 80 people at
# four thresholds, what share of the intervals holds the town's rate?

# %%
print(f"By formula, the same tester: {measure.dyadic_interval(*among(draws[middle]))}")
rows = []
for x in (1e-2, 1e-3, 1e-4, 1e-5):
    f, n, _ = pairs.pair_counts(measure.threshold_at_fmr(pairs.impostor, x))
    rows.append(measure.coverage(f, n, size=80, draws=200))
fading = pd.DataFrame(rows, index=["1e-2", "1e-3", "1e-4", "1e-5"]).rename_axis("FMR of the town")
say(reading.coverage(fading))
fading.map(lambda share: "" if np.isnan(share) else f"{share:.3f}")

# %% [markdown]
# "Too few for an interval" is an answer too: with false matches from fewer than 10 pairs of
# people the lab gives the count and no interval. The table is blank where fewer than 30 draws had
# an interval: too few to judge it. And it flatters all intervals a little, as said above: the town
# is small.

# %% [markdown] tags=["core"]
# ## Exercise 04-a: an interval by hand
#
# For misses it is easier, because each genuine comparison belongs to **one** person. Below are 40
# people of dev: for each, how many comparisons of their own photographs were `made` and how many
# were `missed`. The *standard error* says how far such a rate usually lies from the true one,
# because other people could have been met. It is worked out from the 40 people, not from their
# comparisons.

# %% tags=["core"]
table = measure.misses_by_person(pairs, threshold).iloc[::12]  # every twelfth person
rate, standard_error = measure.rate_and_error(table["missed"], table["made"])
missed, made = table["missed"].sum(), table["made"].sum()
print(f"{missed} misses in {made} comparisons of {len(table)} people: FNMR {rate:.4f}")
print(f"Standard error: {standard_error:.4f}")
table.value_counts(["missed", "made"]).sort_index().rename("people").to_frame()

# %% [markdown]
# Where does the standard error come from? `surplus` is how many misses a person has above their
# fair share. Its squares, added up, give the *variance* of the rate ($k$ is the number of people),
# and the standard error is the square root of the variance:
#
# $$\mathrm{Var} = \frac{k}{k-1}\;
# \frac{\sum (\mathrm{missed} - \mathrm{rate}\cdot\mathrm{made})^2}{(\sum \mathrm{made})^2}$$

# %%
k, surplus = len(table), table["missed"] - rate * table["made"]
variance = k / (k - 1) * (surplus**2).sum() / made**2
print(f"Variance {variance:.6f}; its square root, the standard error: {variance**0.5:.4f}")

# %% [markdown] tags=["core"]
# **Exercise 04-a (check).** What are the two ends of a 95% interval of this rate, `answer = (low,
# high)`? The names are `rate` and `standard_error`. An interval that reaches **one** standard
# error to each side holds the true rate in about 68 of 100 tests; for 95 of 100 it has to reach
# 1.96 of them.

# %% tags=["core", "exercise"]
answer = ...
ends = check("04-a", answer)
lab = measure.cluster_interval(table["missed"], table["made"])
say(ends.then(words.width, measure.wilson(missed, made), lab))

# %% [markdown] tags=["core", "solution"]
# The interval reaches 1.96 standard errors to either side. The standard error does the work: it
# was made from people. A person with six misses of six moves it a lot, six people with one miss
# each move it little: in `surplus`, which the full form computes, the first is one large square. A
# formula for separate observations cannot tell these two apart, because it only sees six misses.
#
# For few people the lab goes two steps further, and `measure.cluster_interval` takes both. How much
# people differ is itself known from 40 people only: Student's t reaches a little farther than 1.96
# standard errors, and the farther the fewer people there are. And a rate cannot be below 0, so the
# interval is made on a scale without ends (the logarithm of the odds, *logit*). Turned back into a
# rate it reaches farther up than down. Its ends count as right here, too.

# %% tags=["core", "solution"]
reach = 1.96 * standard_error
answer = (rate - reach, rate + reach)
ends = check("04-a", answer)
lab = measure.cluster_interval(table["missed"], table["made"])
say(ends.then(words.width, measure.wilson(missed, made), lab))

# %% [markdown]
# ## Nothing seen is not nothing
#
# Suppose a test of 60 people sees **no** false match. How high may the rate still be? The *rule
# of three* says: at most 3 / n, because if the rate were 3 / n, then n separate observations
# would all be clean in only 5 of 100 tests. (So it is a one-sided 95% bound.) But what is n:
# comparisons or pairs of people? Try both on 500 draws of 60 people.

# %%
units = {"comparisons": 60 * 59 // 2 * 16, "pairs of people": 60 * 59 // 2}
tests = [rng.choice(len(people), 60, replace=False) for _ in range(500)]
clean = {}
for name, n_units in units.items():
    f, _, _ = pairs.pair_counts(measure.threshold_at_fmr(pairs.impostor, 3 / n_units))
    clean[name] = np.mean([not f[np.ix_(d, d)].any() for d in tests])
    print(f"Town with FMR 3 / {n_units:,} {name} = {3 / n_units:.1e}:", end=" ")
    print(f"{clean[name]:.1%} of tests see nothing")
finding(words.nothing(clean))

# %% [markdown]
# So where nothing was seen the lab says "at most 3 / pairs of people". A footnote belongs to it:
# if one person in the town could match *everybody*, a test would have to meet that person to
# know, and the bound would be 6 / people. Both are one-sided 95% limits. Below, the first of the
# 500 tests that sees nothing.
#
# And your ballot: notebook 01 asked about a search for each of 535 people. There one person is one
# observation: the chance that all are spared is (1 - rate) to the power of 535. For which rate is
# that one in twenty?

# %%
from labkit.learning.ballot import open_ballot

strict = measure.threshold_at_fmr(pairs.impostor, 1e-5)
f, n, _ = pairs.pair_counts(strict)
silent = [not f[np.ix_(d, d)].any() for d in tests]
first = tests[silent.index(True)]
nothing = measure.fmr_interval(f[np.ix_(first, first)], n[np.ix_(first, first)])
say(f"A test of {nothing.people} people at a stricter threshold: {reading.none_seen(nothing)}")
could_be = 1000 * (1 - 0.05 ** (1 / 535))
open_ballot("c", round(could_be, 1), f"{could_be:.1f} in 1,000, close to 3 / 535")

# %% [markdown]
# ## How small a rate can 240 people show?
#
# A threshold is only as good as the errors that set it. The lab wants false matches from at least
# 30 different pairs of people, and refuses otherwise. The 30 is borrowed from a rule of thumb, 30
# errors before a rate is trusted, which assumes that errors are separate observations. Pairs of
# people share people, so take it as a floor, not as a promise. Here is what you will see when you
# ask for too much:

# %%
half = pairs.select(np.isin(pairs.people, people[:240]))
try:
    measure.choose_threshold(half, 1e-5)
except ValueError as refusal:
    say("ValueError:", refusal)

# %% [markdown]
# > **If you meet this error:** it is not a fault in your code. Ask for a larger FMR, or bring more
# > people. Twice as many people make about four times as many pairs of people.
#
# **Exercise 04-b (check).** What is the smallest FMR for which these 240 people (`half`) can set a
# threshold, to three digits or more? `top` lists their impostor comparisons, most alike first: a
# threshold lets them match from the top down, and it needs false matches from 30 different pairs of
# people. `new` is True where a pair of people appears for the **first** time, and `new.cumsum()`
# counts these down the list. How far down does a threshold have to go, and what share of all
# impostor comparisons, `half.impostor.size`, is that? (The table counts its rows from 0. The
# refusal above rounds the answer up, to two digits.)

# %%
top = half.highest(200)
new = ~top[["person_1", "person_2"]].apply(np.sort, axis=1, raw=True).duplicated()
top.assign(new=new).head(8)

# %% tags=["exercise"]
answer = ...
smallest = check("04-b", answer).value

# %% [markdown] tags=["solution"]
# `new.cumsum() == 30` is True from the 30th new pair of people on, and `.idxmax()` is the first row
# in which it is. Rows are counted from 0: add 1 for "how many comparisons down to here". The
# place is larger than 30, because two people whom the matcher finds alike are alike to it in
# several pictures. Below that rate the threshold would hang on a handful of people who happen to
# live here.

# %% tags=["solution"]
place = 1 + (new.cumsum() == 30).idxmax()
answer = place / half.impostor.size
smallest = check("04-b", answer).value
print(f"The 30th pair of people comes at place {place}.")
say(measure.choose_threshold(half, answer * 1.001).words)

# %% [markdown]
# Would it help to compare more pictures of the same people, or to bring more **people**?
#
# And a threshold that people *can* set is still an estimate: others would have set another. How far
# may its FMR among other people lie from what was asked for? Beside it stands what it is on eval.
# (Notebooks 03 and 05 report on these same people.)

# %%
finding(words.more_people(smallest, half, pairs))
chosen = measure.choose_threshold(pairs, 1e-2)
faces = data.load("anytown/eval")
test = measure.all_pairs(faces.templates, faces.of("person"), "euclidean")
say(reading.threshold(chosen, measure.fmr_interval(*test.pair_counts(chosen.value)[:2])))

# %% [markdown]
# ## The worst of six equal groups
#
# Split the 480 people into six groups **by lot**. They are no kinds of people: the lot makes any
# difference between the groups. Now do what a headline does: divide the highest group's FMR by
# the lowest. If all groups are equal, should that ratio not be near 1?

# %%
def worst_over_best(group):
    return measure.max_min(measure.fmr_within(false, compared, group))


luck = np.array([worst_over_best(rng.permutation(np.arange(480) % 6)) for _ in range(1000)])
finding(words.luck(luck))
fig, ax = plots.figure(height=2.8, about="six equal groups of 80, split by lot")
ax.hist(luck, bins=40)
ax.set(xlabel="highest / lowest FMR", ylabel="of 1,000 splits")
marks = pd.Series(luck).quantile([0, 0.05, 0.5, 0.95, 1])
alt = f"1,000 ratios from {marks[0]:.2f} to {marks[1]:.2f}, the middle at {marks[0.5]:.2f}."
plots.show(fig, alt, marks.rename("ratio").to_frame().rename_axis("share of splits below"))

# %% [markdown]
# This is the [winner's curse](glossary.md#winner's-curse): whoever picks the worst group *after
# looking* picks bad luck along with whatever is real. That a ratio could be luck does not show
# that it **is**. A group named before looking, and a ratio beyond what luck gives, is evidence.
# So notebook 05 names the groups it compares *before* looking, and prints beside every such ratio
# what it would be if all groups were equal.

# %% [markdown]
# ## Exercise 04-c: three headlines
#
# **Exercise 04-c (choose).** Three sentences are printed below: two from the numbers above, and
# one about other people, those of eval, at the threshold from dev. (Notebooks 03 and 05 report on
# these same people.) Which one do the data support: `'A'`, `'B'` or `'C'`?

# %%
by_lot = np.random.default_rng(6).permutation(np.arange(480) % 6)
fmr_by_lot = measure.fmr_within(false, compared, by_lot)
say(words.headlines(fmr_by_lot, nothing, silent, pairs, test, threshold))

# %% tags=["exercise"]
answer = ...
check("04-c", answer)

# %% [markdown] tags=["solution"]
# Ask of each: how many **people** are behind it, was the comparison chosen before or after looking,
# and what would it say if nothing were going on? A falls to the second question and the third, B to
# the first and the second: the test was picked because it saw nothing. C answers all three and is
# dull: its threshold was set on other people. Note that A and B contain no wrong number: what is
# wrong is what they conclude. And A is wrong because the lot made its groups. The same sentence
# about a group named before looking, with a ratio beyond what luck gives, would be one to act on.

# %% tags=["solution"]
from labkit.learning import catalogue

answer = "C"
check("04-c", answer)

for option in "AB":
    say(f"\n{option}: {catalogue.answered('04-c')[option]}")

# %% [markdown] tags=["core"]
# ## What this does not show
#
# - Errors that no redrawing of these people can show: another camera, another country, real
#   photographs. An interval is about **who was met**, not about what was left out of the test.
# - That an interval holds the truth in this one case. About 1 in 20 does not.
# - Which groups are served worse (notebook 05).
#
# ## Key points
#
# - Other people, other rate.
# - The units are people and pairs of people; give both numbers.
# - An interval by comparisons is too narrow at this FMR.

# %% [markdown]
# - At an FMR of 1e-2 more people help; more comparisons of the same people help far less.
# - Nothing seen means "at most", never "never".
# - The worst of several groups looks bad even if all are equal. That a ratio could be luck does not
#   show that it is.

# %% [markdown] tags=["core"]
# ## Talk about it
#
# A company writes: "tested on ten million comparisons". What would you ask next? Who would have
# to take part in a test so that *you* believed its interval?
#
# ## Next
#
# [05 Unequal errors](05_unequal_errors.ipynb): who is missed and who is confused with whom.
