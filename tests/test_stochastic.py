"""Mini-batches go through the data epoch by epoch."""

import numpy as np
import pytest

from helpers import datasets, descend, models
from helpers.stochastic import Minibatches

X, Y = datasets.regression_42()
MODEL = models.LinearRegression(X, Y, half=True)
THETA = np.array([0.3, -0.2])


class Recorder:
    """A model that notes the rows it is asked for."""

    def __init__(self, n):
        self.x, self.asked = np.zeros(n), []

    def rows_gradient(self, theta, rows):
        self.asked.append(list(rows))
        return theta


def draw(batches, rng, count):
    for _ in range(count):
        batches.sample_gradient(0.0, rng)
    return batches.model.asked


def test_an_epoch_sees_every_row_once_and_its_last_batch_is_short():
    asked = draw(Minibatches(Recorder(10), 4), np.random.RandomState(3), 6)
    assert [len(rows) for rows in asked] == [4, 4, 2, 4, 4, 2]
    for epoch in (asked[:3], asked[3:]):
        assert sorted(np.concatenate(epoch)) == list(range(10))
    assert asked[:3] != asked[3:]


def test_the_order_is_numpys_permutation():
    asked = draw(Minibatches(Recorder(10), 10), np.random.RandomState(3), 2)
    rng = np.random.RandomState(3)
    assert asked == [list(rng.permutation(10)), list(rng.permutation(10))]


def test_without_shuffling_the_rows_keep_their_order():
    asked = draw(Minibatches(Recorder(5), 2, shuffle=False), np.random.RandomState(0), 4)
    assert asked == [[0, 1], [2, 3], [4], [0, 1]]


def test_another_generator_begins_another_run():
    batches = Minibatches(MODEL, 32)
    first = descend(batches, (0, 0), 0.05, 10, rng=np.random.RandomState(1))
    second = descend(batches, (0, 0), 0.05, 10, rng=np.random.RandomState(1))
    np.testing.assert_array_equal(first.points, second.points)


def test_a_batch_of_all_rows_is_the_full_gradient():
    batches = Minibatches(MODEL, len(X))
    sampled = batches.sample_gradient(THETA, np.random.RandomState(0))
    np.testing.assert_allclose(sampled, MODEL.gradient(THETA), rtol=1e-12)


def test_batches_of_an_epoch_average_to_the_full_gradient():
    batches = Minibatches(MODEL, 40)
    rng = np.random.RandomState(0)
    epoch = [batches.sample_gradient(THETA, rng) for _ in range(5)]
    np.testing.assert_allclose(np.mean(epoch, axis=0), MODEL.gradient(THETA), rtol=1e-12)


def test_value_minima_and_the_rest_are_the_models():
    batches = Minibatches(MODEL, 8)
    assert batches(THETA) == MODEL(THETA)
    np.testing.assert_array_equal(batches.minima, MODEL.minima)
    assert batches.dimension == 2


@pytest.mark.parametrize("size", [0, 201, 2.5, "8"])
def test_a_batch_that_the_data_cannot_fill_is_refused(size):
    with pytest.raises(ValueError, match=r"batch_size must be a whole number from 1 to 200"):
        Minibatches(MODEL, size)
