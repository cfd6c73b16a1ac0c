"""What the notebooks of the course call; the chapters say where each part is taught."""

from .descent import descend
from .paths import Path

__all__ = ["Path", "descend"]
