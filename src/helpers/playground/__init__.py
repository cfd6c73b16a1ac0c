"""The playground: one figure of gradient descent with its controls, alive wherever it is read."""

from helpers.playground.playground import Playground

__all__ = ["Playground"]
