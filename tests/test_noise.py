import numpy as np
import pytest

from helpers import landscapes, noise


def test_noise_is_added_to_samples_only():
    noisy = noise.Noisy(landscapes.bowl, sigma=2.0)
    x, rng = np.array([4.0, 2.0]), np.random.default_rng(0)
    samples = np.array([noisy.sample_gradient(x, rng) for _ in range(4000)]) - noisy.gradient(x)
    np.testing.assert_allclose(samples.mean(axis=0), 0, atol=0.15)
    np.testing.assert_allclose(samples.std(axis=0), 2, rtol=0.05)
    assert noisy(x) == landscapes.bowl(x)
    assert noisy.minima is landscapes.bowl.minima and noisy.dimension == 2


@pytest.mark.parametrize("sigma", [-1, np.nan, "loud"], ids=str)
def test_noise_has_a_size(sigma):
    with pytest.raises(ValueError, match="sigma must be a finite number >= 0"):
        noise.Noisy(landscapes.bowl, sigma)
