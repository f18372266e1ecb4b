"""Duels: how strong each idea is, from many answers to "which of these two?".

Bradley & Terry, "Rank analysis of incomplete block designs", Biometrika, 1952: idea a is preferred to b with probability a / (a + b), where a
and b are the strengths. They are found by minorisation and maximisation: Hunter, "MM algorithms for generalized Bradley–Terry models", Annals of
Statistics, 2004. A small prior (a gamma distribution, Caron & Doucet, "Efficient Bayesian inference for generalized Bradley–Terry models",
Journal of Computational and Graphical Statistics, 2012) keeps an idea that won its only duel from being infinitely strong.

These are estimates, the only floats among the outcomes. They come with intervals: the curvature of the likelihood says how far the logarithm
of a strength may be off, so that all intervals hold together with the stated confidence (Bonferroni), and from them come the
places, as in `places`. The same duels give the same numbers, in whichever order they came.
"""

import math
from collections import defaultdict
from operator import mul
from statistics import NormalDist

from campaign.counting.ballots import Duels
from campaign.counting.outcomes import Figures, Outcome, first_of, ranked
from campaign.counting.places import places
from campaign.counting.ties import Lots

Games = dict[int, dict[int, int]]  # How often two ideas met.


def duels(profile: Duels, *, seed: str, seats: int = 1, prior: float = 0.1, confidence: float = 0.95) -> Outcome:
    """Rank ideas by their estimated strengths. "strengths" are logarithms with mean 0: +1 is to win 2.7 times as often as to lose."""
    lots = Lots(seed)
    games, wins = _met(profile)
    strengths = _search(games, wins, prior)
    ranking = ranked(strengths)

    errors = _errors(games, strengths, prior)
    reach = NormalDist().inv_cdf(1 - (1 - confidence) / (2 * len(strengths) or 1)) if strengths else 0.0
    low = {idea: strength - reach * errors[idea] for idea, strength in strengths.items()}
    high = {idea: strength + reach * errors[idea] for idea, strength in strengths.items()}
    figures: Figures = {
        "strengths": strengths,
        "lowest": low,
        "highest": high,
        "won": wins,
        "met": {idea: sum(games[idea].values()) for idea in profile.ideas},
    }
    may_be = places({idea: (low[idea], high[idea]) for idea in strengths})
    return Outcome("duels", ranking, first_of(ranking, seats, lots), figures, ties=lots.ties, places=may_be)


def _met(profile: Duels) -> tuple[Games, dict[int, int]]:
    games: Games = {idea: defaultdict(int) for idea in profile.ideas}
    wins = dict.fromkeys(profile.ideas, 0)
    # Sorted, because a sum of floats hangs on its order.
    for (preferred, other), people in sorted(profile.ballots.items()):
        games[preferred][other] += people
        games[other][preferred] += people
        wins[preferred] += people
    return games, wins


def _search(games: Games, wins: dict[int, int], prior: float) -> dict[int, float]:
    """The logarithms of the most likely strengths. Each turn can only make them more likely."""
    strengths = dict.fromkeys(games, 1.0)
    for _ in range(10_000):
        before = strengths
        better = {
            idea: (wins[idea] + prior)
            # Summed without rounding, so that ideas with the same record are equal to the last digit.
            / (math.fsum(met / (before[idea] + before[other]) for other, met in others.items()) + prior)
            for idea, others in games.items()
        }
        mean = math.fsum(better.values()) / len(better) if better else 1.0
        strengths = {idea: strength / mean for idea, strength in better.items()}
        if all(abs(strengths[idea] - before[idea]) <= 1e-12 * strengths[idea] for idea in games):
            break
    centre = math.fsum(map(math.log, strengths.values())) / (len(strengths) or 1)
    return {idea: math.log(strength) - centre for idea, strength in strengths.items()}


def _errors(games: Games, strengths: dict[int, float], prior: float) -> dict[int, float]:
    """The standard error of each logarithm, from the inverse of the curvature at the top."""
    at = {idea: row for row, idea in enumerate(games)}
    scale = len(games) / math.fsum(map(math.exp, strengths.values())) if games else 1.0
    curvature = [[0.0] * len(games) for _ in games]
    for idea, others in games.items():
        row = curvature[at[idea]]
        row[at[idea]] = prior * math.exp(strengths[idea]) * scale
        for other, met in others.items():
            chance = 1 / (1 + math.exp(strengths[other] - strengths[idea]))
            row[at[idea]] += met * chance * (1 - chance)
            row[at[other]] -= met * chance * (1 - chance)
    return {idea: math.sqrt(variance) for idea, variance in zip(games, _centred_variances(curvature), strict=True)}


def _centred_variances(curvature: list[list[float]]) -> list[float]:
    """The variance of each number about the mean of all, where `curvature` is the inverse of their covariance.

    Duels say nothing of a shift of all strengths together: only the prior does, so weakly that its share must be left out.
    """
    # Cholesky: curvature = lower × lowerᵀ, so covariance = lower⁻ᵀ × lower⁻¹.
    lower: list[list[float]] = []
    for row, given in enumerate(curvature):
        line: list[float] = []
        for column in range(row):
            line.append((given[column] - sum(map(mul, line, lower[column]))) / lower[column][column])
        line.append(math.sqrt(given[row] - sum(map(mul, line, line))))
        lower.append(line)

    columns: list[list[float]] = [[] for _ in curvature]  # Of lower⁻¹, each from its diagonal down.
    sums = []  # The same matrix, row by row.
    for row, line in enumerate(lower):
        for column in range(row + 1):
            entry = (float(row == column) - sum(map(mul, line[column:row], columns[column]))) / line[row]
            columns[column].append(entry)
        sums.append(math.fsum(column[-1] for column in columns[: row + 1]))

    with_all = [sum(map(mul, column, sums[at:])) for at, column in enumerate(columns)]
    shift = math.fsum(with_all) / (len(columns) or 1) ** 2
    return [
        sum(map(mul, column, column)) - 2 * covariance / len(columns) + shift
        for column, covariance in zip(columns, with_all, strict=True)
    ]
