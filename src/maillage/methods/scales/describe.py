"""What a question on a scale says, in figures and in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from maillage.methods.scales.agreement import agreement
from maillage.methods.scales.bootstrap import bootstrap
from maillage.methods.scales.consensus import consensus
from maillage.methods.scales.distribution import Distribution
from maillage.methods.scales.enough import THRESHOLD, NotEnough
from maillage.methods.scales.interval import Interval
from maillage.methods.scales.quantile import Quantile, ordinal_quantile
from maillage.methods.scales.wilson import wilson
from maillage.methods.sentences import Sentence
from maillage.methods.sentences import sentence as _
from maillage.methods.sentences import sentences as ngettext


@dataclass(frozen=True)
class Scale:
    distribution: Distribution
    shares: tuple[Interval, ...]
    """Wilson's interval of each level's share of the answers."""
    first_quartile: Quantile
    median: Quantile
    third_quartile: Quantile
    consensus: float
    consensus_between: Interval
    agreement: float | None
    """``None`` on two levels, where it is not defined."""
    agreement_between: Interval | None
    words: tuple[Sentence, ...]


def describe_scale(
    distribution: Distribution,
    *,
    seed: int,
    threshold: int = THRESHOLD,
    confidence: float = 0.95,
    resamples: int = 5_000,
) -> Scale | NotEnough:
    """Every figure of one question, or :class:`NotEnough` under ``threshold`` answers."""
    counts = distribution.counts
    if distribution.answers < max(threshold, 1):
        return NotEnough(threshold)
    median, third = (ordinal_quantile(counts, Fraction(part, 4)) for part in (2, 3))
    three = len(counts) >= 3
    between = bootstrap(counts, consensus, seed=seed, confidence=confidence, resamples=resamples)
    return Scale(
        distribution,
        tuple(wilson(count, distribution.answers, confidence) for count in counts),
        ordinal_quantile(counts, Fraction(1, 4)),
        median,
        third,
        float(consensus(counts)),
        between,
        float(agreement(counts)) if three else None,
        bootstrap(counts, agreement, seed=seed, confidence=confidence, resamples=resamples) if three else None,
        _words(distribution, median),
    )


def _words(distribution: Distribution, median: Quantile) -> tuple[Sentence, ...]:
    answers = ngettext("%(count)s answer.", "%(count)s answers.", distribution.answers)
    missing = ngettext("%(count)s person did not answer.", "%(count)s people did not answer.", distribution.missing)
    low, high = distribution.levels[median.low], distribution.levels[median.high]
    if low == high:
        middle = _("The answer in the middle is “%(level)s”.", level=low)
    else:
        middle = _("The middle falls between “%(low)s” and “%(high)s”.", low=low, high=high)
    close = (_closeness(distribution.counts), _("This says how close answers are, not whether they are favourable."))
    return (answers, *((missing,) if distribution.missing else ()), middle, *close)


def _closeness(counts: tuple[int, ...]) -> Sentence:
    """Where consensus is between that of answers spread evenly and 1, by thirds, or under it: our own convention."""
    found, even = float(consensus(counts)), float(consensus([1] * len(counts)))
    way = (found - even) / (1 - even)
    if max(counts) == sum(counts):
        return _("All gave the same answer.")
    if way >= 2 / 3:
        return _("Answers are close together.")
    if way >= 1 / 3:
        return _("Answers are rather close together, with some apart.")
    if found >= even * 2 / 3:
        return _("Answers are spread over the scale.")
    return _("Answers are divided between the two ends of the scale.")
