import json
import subprocess

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from helpers import datasets, descend, losses, models

X, Y = datasets.regression_42()
THETAS = np.random.default_rng(0).normal(size=(4, 3, 2))


@pytest.fixture(params=[False, True], ids=["mean", "half mean"])
def model(request):
    return models.LinearRegression(X, Y, half=request.param, batch_size=32)


def test_batch_descent_ends_where_it_is_known_to():
    path = descend(models.LinearRegression(X, Y, half=True), (0, 0), 0.1, 100)
    np.testing.assert_allclose(path.points[-1], (3.04999022, 2.0448391), atol=5e-9, rtol=0)


def test_the_value_is_the_mean_of_the_squared_errors(model):
    loss = losses.half_squared if model.half else losses.squared
    for theta in THETAS.reshape(-1, 2):
        expected = losses.mean(loss, theta[0] * X + theta[1], Y)
        assert model(theta) == pytest.approx(expected, rel=1e-13)
        assert type(model(theta)) is float


def test_the_gradient_is_that_of_the_formula(model):
    for theta in THETAS.reshape(-1, 2):
        errors = Y - theta[0] * X - theta[1]
        expected = -2 * np.array([np.mean(errors * X), np.mean(errors)]) / (1 + model.half)
        np.testing.assert_allclose(model.gradient(theta), expected, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(model.gradient(theta), approx_fprime(theta, model), rtol=1e-5)


def test_many_points_are_taken_at_once(model):
    assert model(THETAS).shape == (4, 3)
    assert model.gradient(THETAS).shape == (4, 3, 2)
    assert model.hessian(THETAS).shape == (4, 3, 2, 2)
    assert model.predict(THETAS, X).shape == (4, 3, 200)
    assert model.sample_gradient(THETAS, np.random.default_rng(0)).shape == (4, 3, 2)
    np.testing.assert_allclose(model(THETAS)[1, 2], model(THETAS[1, 2]))
    np.testing.assert_allclose(model.predict(THETAS, X)[1, 2], model.predict(THETAS[1, 2], X))


def test_the_minimum_is_the_least_squares_solution(model):
    expected, *_ = np.linalg.lstsq(np.stack([X, np.ones_like(X)], axis=1), Y, rcond=None)
    np.testing.assert_allclose(model.minima, [expected], rtol=1e-12)
    np.testing.assert_allclose(model.gradient(model.minima), 0, atol=1e-14)


def test_curvatures_are_the_eigenvalues_of_the_matrix_of_the_data(model):
    data = np.stack([X, np.ones_like(X)], axis=1)
    expected = np.linalg.eigvalsh(2 * data.T @ data / len(X) / (1 + model.half))
    np.testing.assert_allclose(model.curvatures, expected)
    np.testing.assert_allclose(np.linalg.eigvalsh(model.hessian(THETAS))[2, 1], expected)


def test_sampled_gradients_are_those_of_their_examples(model):
    theta, chosen = THETAS[0, 0], np.random.RandomState(3).permutation(200)[:32]
    part = models.LinearRegression(X[chosen], Y[chosen], half=model.half)
    np.testing.assert_allclose(
        model.sample_gradient(theta, np.random.RandomState(3)), part.gradient(theta), rtol=1e-12
    )


def test_sampled_gradients_are_unbiased_and_vary_less_in_larger_batches():
    theta, rng, spread = np.zeros(2), np.random.default_rng(0), {}
    for size in (10, 40):
        model = models.LinearRegression(X, Y, batch_size=size)
        samples = np.array([model.sample_gradient(theta, rng) for _ in range(5000)])
        spread[size] = samples.var(axis=0)
        np.testing.assert_allclose(samples.mean(axis=0), model.gradient(theta), rtol=0.02)
    finite_population = (1 / 10 - 1 / 200) / (1 / 40 - 1 / 200)
    np.testing.assert_allclose(spread[10] / spread[40], finite_population, rtol=0.1)


def test_a_batch_of_all_examples_is_the_whole():
    model = models.LinearRegression(X, Y)
    whole = descend(model, (0, 0), 0.1, 20)
    sampled = descend(model, (0, 0), 0.1, 20, rng=np.random.default_rng(0))
    np.testing.assert_allclose(sampled.points, whole.points, rtol=1e-12)


def test_a_diverging_fit_stays_finite():
    path = descend(models.LinearRegression(X, Y), (0, 0), 1e100, 50)
    assert path.status == "diverged" and np.isfinite(path.gradient_norms).all()


def test_javascript_agrees_with_python(model, node):
    bodies = [model.javascript[kind] for kind in ("value", "gradient", "hessian")]
    points = THETAS.reshape(-1, 2)
    run = f"""process.stdout.write(JSON.stringify({json.dumps(bodies)}.map((body) =>
      {points.tolist()}.map(([w, b]) => [new Function("w", "b", body)(w, b)].flat()))))"""
    done = subprocess.run([node, "-e", run], capture_output=True, text=True, check=True)
    python = [model(points), model.gradient(points), model.hessian(points)]
    for ours, theirs in zip(python, json.loads(done.stdout), strict=True):
        np.testing.assert_allclose(theirs, ours.reshape(12, -1), rtol=1e-12, atol=1e-14)


def test_the_domain_shows_the_minimum_and_the_origin(model):
    for (low, high), best in zip(model.domain, model.minima[0], strict=True):
        assert low < best < high and low < 0 < high
    given = models.LinearRegression(X, Y, domain=((0, 1), (2, 3)))
    assert given.domain == ((0, 1), (2, 3))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (dict(x=[1, 2], y=[1, 2, 3]), r"x and y must have one shape \(N,\), not \(2,\) and \(3,"),
        (dict(x=np.ones((3, 1)), y=np.ones((3, 1))), r"x and y must have one shape \(N,\)"),
        (dict(x=[1, 1], y=[1, 2]), "x must hold two different values"),
        (dict(x=[1], y=[2]), "x must hold two different values"),
        (dict(x=["a"], y=[2]), "x must hold real numbers"),
        (dict(x=[1, np.nan], y=[2, 3]), "x must hold finite numbers"),
        (dict(x=X, y=Y, batch_size=201), "batch_size must be a whole number from 1 to 200"),
        (dict(x=X, y=Y, batch_size=0), "batch_size must be a whole number from 1 to 200"),
        (dict(x=X, y=Y, domain=(0, 1)), "domain must be 2 pairs"),
    ],
)
def test_data_that_fit_no_line_are_refused(arguments, complaint):
    with pytest.raises(ValueError, match=complaint):
        models.LinearRegression(**arguments)


def test_parameters_are_a_pair():
    model = models.LinearRegression(X, Y)
    for function in (model, model.gradient, model.hessian, lambda theta: model.predict(theta, X)):
        with pytest.raises(ValueError, match=r"theta = \(w, b\) must have shape \(..., 2\)"):
            function([1.0, 2.0, 3.0])
