"""Mini-batches: an objective whose gradients see a few rows of the data at a time."""

from . import checks, datasets


class Minibatches:
    r"""A model whose sampled gradients go through the data batch by batch, epoch after epoch.

    An epoch is one pass over all N rows in an order that the generator draws; each update takes
    the next B rows, and the last batch of an epoch is short where B does not divide N. Value and
    gradient are still those of the full objective. Taught in the chapter on batch variants.

    >>> import numpy as np
    >>> from helpers import descend, models
    >>> model = models.LinearRegression([0, 1, 2, 3], [1, 3, 5, 7])
    >>> path = descend(Minibatches(model, 2), (0, 0), 0.1, 200, rng=np.random.RandomState(0))
    >>> path.points[-1].round(3)
    array([2., 1.])
    """

    def __init__(self, model, batch_size: int, *, shuffle: bool = True):
        """Take batches of a model's data.

        Args:
            model: an objective with data ``x`` and a method ``rows_gradient(theta, rows)``.
            batch_size: rows in a batch, 1 to N.
            shuffle: whether each epoch draws a new order; otherwise the rows keep theirs.

        Raises:
            ValueError: if a batch is larger than the data.
        """
        self.model = model
        self.batch_size = checks.count("batch_size", batch_size, least=1, most=len(model.x))
        self.shuffle = shuffle
        self._rng, self._epoch = None, iter(())

    def __call__(self, theta):
        """Return the full objective's value."""
        return self.model(theta)

    def sample_gradient(self, theta, rng):
        """Return the gradient over the next batch; another generator begins another run."""
        if rng is not self._rng:
            self._rng, self._epoch = rng, iter(())
        rows = next(self._epoch, None)
        if rows is None:
            self._epoch = iter(
                datasets.batches(len(self.model.x), self.batch_size, rng, shuffle=self.shuffle)
            )
            rows = next(self._epoch)
        return self.model.rows_gradient(theta, rows)

    def __getattr__(self, name: str):
        """Whatever else is asked for is the model's own."""
        if name.startswith("__") or name == "model":
            raise AttributeError(name)
        return getattr(self.model, name)
