import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.special import expit, log_softmax, softmax

from helpers import losses

SCORES = np.array([-3.0, -0.5, 0.25, 0.999, 2.0])
CLASSES = np.array([-1, 1, -1, 1, 1])
LOGITS = np.random.default_rng(0).normal(size=(5, 3))
LABELS = np.array([0, 2, 1, 1, 0])
OF_NUMBERS = {name: getattr(losses, name) for name in ("squared", "half_squared")}
OF_MARGINS = {name: getattr(losses, name) for name in ("zero_one", "hinge", "logistic")}


@pytest.mark.parametrize("loss", [*OF_NUMBERS.values(), *OF_MARGINS.values()], ids=lambda s: s[0])
def test_a_gradient_agrees_with_finite_differences(loss):
    value = lambda scores: loss.value(scores, CLASSES).sum()  # noqa: E731
    np.testing.assert_allclose(
        loss.gradient(SCORES, CLASSES), approx_fprime(SCORES, value), atol=1e-6
    )


def test_the_gradient_of_cross_entropy_agrees_with_finite_differences():
    value = lambda logits: losses.cross_entropy.value(logits.reshape(5, 3), LABELS).sum()  # noqa: E731
    np.testing.assert_allclose(
        losses.cross_entropy.gradient(LOGITS, LABELS).ravel(),
        approx_fprime(LOGITS.ravel(), value),
        atol=1e-6,
    )


def test_cross_entropy_agrees_with_scipy():
    np.testing.assert_allclose(
        losses.cross_entropy.value(LOGITS, LABELS), -log_softmax(LOGITS, axis=1)[range(5), LABELS]
    )
    one_hot = np.eye(3)[LABELS]
    np.testing.assert_allclose(
        losses.cross_entropy.gradient(LOGITS, LABELS), softmax(LOGITS, axis=1) - one_hot
    )


def test_two_classes_of_cross_entropy_are_the_logistic_loss():
    logits = np.stack([np.zeros_like(SCORES), SCORES], axis=1)
    np.testing.assert_allclose(
        losses.cross_entropy.value(logits, (CLASSES + 1) // 2),
        losses.logistic.value(SCORES, CLASSES),
    )


@pytest.mark.parametrize(
    ("name", "margin", "expected"),
    [
        ("zero_one", -1, 1),
        ("zero_one", 0, 1),
        ("zero_one", 0.1, 0),
        ("hinge", -1, 2),
        ("hinge", 0.25, 0.75),
        ("hinge", 1, 0),
        ("hinge", 2, 0),
        ("logistic", 0, np.log(2)),
        ("squared", 3, 4),
        ("half_squared", 3, 2),
    ],
)
def test_a_loss_has_its_known_values(name, margin, expected):
    assert getattr(losses, name).value(margin, 1) == pytest.approx(expected)


def test_the_hinges_subgradient_at_the_kink_is_zero():
    assert losses.hinge.gradient([1.0, -1.0], [1, -1]).tolist() == [0, 0]


def test_large_scores_neither_overflow_nor_lose_their_gradient():
    with np.errstate(all="raise", under="ignore"):
        assert losses.logistic.value(-1e4, 1) == 1e4
        assert losses.logistic.gradient([-1e4, 1e4], [1, 1]).tolist() == [-1, 0]
        assert losses.cross_entropy.value([1e4, 0.0], 1) == 1e4
        assert losses.cross_entropy.gradient([1e4, 0.0], 1).tolist() == [1, -1]
    np.testing.assert_allclose(
        losses.logistic.gradient(SCORES, CLASSES), -CLASSES * expit(-CLASSES * SCORES)
    )


def test_the_mean_is_a_mean():
    assert losses.mean(losses.squared, [1.0, 2.0, 4.0], [1, 1, 1]) == pytest.approx(10 / 3)


@pytest.mark.parametrize("loss", OF_MARGINS.values(), ids=OF_MARGINS)
def test_classes_other_than_minus_one_and_one_are_refused(loss):
    for function in (loss.value, loss.gradient):
        with pytest.raises(ValueError, match="target must hold classes -1 and 1, not"):
            function([0.5, 0.5], [0, 1])


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ([0, 3, 1], "target must hold classes 0 to 2"),
        ([0, -1, 1], "target must hold classes 0 to 2"),
        ([0.0, 1.0, 2.0], "target must hold class numbers"),
        ([0, 1], "target must have the shape"),
    ],
)
def test_labels_must_be_the_numbers_of_classes(target, complaint):
    with pytest.raises(ValueError, match=complaint):
        losses.cross_entropy.value(np.zeros((3, 3)), target)


@pytest.mark.parametrize("loss", [*OF_NUMBERS.values(), *OF_MARGINS.values()], ids=lambda s: s[0])
def test_shapes_that_differ_are_refused_and_not_broadcast(loss):
    with pytest.raises(ValueError, match=r"target must have the shape \(3,\), not \(3, 1\)"):
        loss.value(np.ones(3), np.ones((3, 1)))
