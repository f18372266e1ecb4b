"""Bradley–Terry against choix, and its intervals against np."""

import choix
import numpy as np
import pytest
from scipy.stats import norm

from campaign.counting.ballots import Duels
from campaign.counting.duels import duels
from tests.oracles.elections import SEED, elections, some_ideas


def some_duels(chance):
    ideas = some_ideas(chance, 2, 12)
    quality = {idea: chance.gauss(0, 1.5) for idea in ideas}
    answers = []
    for _ in range(chance.randint(0, 200)):
        a, b = chance.sample(ideas, 2)
        wins = chance.random() < 1 / (1 + np.exp(quality[b] - quality[a]))
        answers.append((a, b) if wins else (b, a))
    return sorted(ideas), answers


def test_strengths_are_those_of_choix():
    for chance in elections():
        ideas, answers = some_duels(chance)
        prior = chance.choice([0.01, 0.1, 1.0])
        pairs = [(ideas.index(a), ideas.index(b)) for a, b in answers]
        theirs = choix.mm_pairwise(len(ideas), pairs, alpha=prior, tol=1e-10, max_iter=200_000)
        ours = duels(Duels.of(ideas, answers), seed=SEED, prior=prior).figures["strengths"]
        assert [ours[idea] for idea in ideas] == pytest.approx(list(theirs), abs=1e-6)


def test_intervals_are_those_that_numpy_finds():
    for chance in elections():
        ideas, answers = some_duels(chance)
        figures = duels(Duels.of(ideas, answers), seed=SEED, prior=0.1).figures
        strengths = np.array([figures["strengths"][idea] for idea in ideas])
        weights = choix.utils.exp_transform(strengths)
        curvature = np.diag(0.1 * weights)
        for a, b in answers:
            i, j = ideas.index(a), ideas.index(b)
            information = weights[i] * weights[j] / (weights[i] + weights[j]) ** 2
            apart = np.zeros(len(ideas))
            apart[i], apart[j] = 1, -1
            curvature += information * np.outer(apart, apart)
        centred = np.eye(len(ideas)) - 1 / len(ideas)
        errors = np.sqrt(np.diag(centred @ np.linalg.inv(curvature) @ centred))
        reach = norm.ppf(1 - 0.05 / (2 * len(ideas))) * errors
        assert [figures["highest"][idea] for idea in ideas] == pytest.approx(list(strengths + reach), abs=1e-6)
        assert [figures["lowest"][idea] for idea in ideas] == pytest.approx(list(strengths - reach), abs=1e-6)
