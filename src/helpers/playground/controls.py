"""The playground's controls: ordinary ipywidgets whose grids hold the author's values exactly."""

import math

import ipywidgets as widgets

EXPONENT_STEP = 0.02  # of a logarithmic slider, nearly: fifty values a decade


def tidy(value: float, digits: int = 12) -> float:
    """A number without the noise that a slider's arithmetic leaves.

    >>> tidy(0.1 + 0.2)
    0.3
    """
    return float(f"{value:.{digits}g}")


def round_step(span: float, parts: int = 200) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides a span into at least ``parts``.

    >>> round_step(12.0)
    0.05
    """
    raw = span / parts
    power = 10.0 ** math.floor(math.log10(raw))
    return tidy(power * max(factor for factor in (1, 2, 5) if factor * power <= raw * 1.0001))


def aligned(low: float, high: float, step: float, value: float) -> tuple[float, float]:
    """Move the ends of a slider inwards, by less than a step, onto the grid of a value.

    JupyterLab's sliders snap to the grid that starts at their lower end and write the snapped
    value back; on this grid the value that the author wrote stays what it is.

    >>> aligned(-6, 6, 0.5, -4.75)
    (-5.75, 5.75)
    """
    below = math.floor((value - low) / step + 1e-9)
    above = math.floor((high - value) / step + 1e-9)
    return tidy(value - below * step), tidy(value + above * step)


def exponents(value: float, lowest: float, highest: float) -> tuple[float, float, float]:
    """The ends of a logarithmic slider, and a step whose grid holds the lower end and the value.

    >>> exponents(0.01, 0.001, 1)
    (-3.0, 0.0, 0.02)
    """
    low, high, at = (math.log10(number) for number in (lowest, highest, value))
    parts = round((at - low) / EXPONENT_STEP) or 1
    return tidy(low), tidy(high), tidy((at - low) / parts) or EXPONENT_STEP


def start_slider(name: str, value: float, grid: tuple[float, float, float], text: str):
    """One coordinate of the start point on its grid (low, high, step)."""
    low, high, step = grid
    decimals = max(0, -math.floor(math.log10(step)))
    return _named(
        name,
        widgets.FloatSlider(
            value=value,
            min=low,
            max=high,
            step=step,
            readout_format=f".{decimals}f",
            description=text,
        ),
    )


def beta_slider(value: float) -> widgets.FloatSlider:
    """The momentum β, from 0 to just under 1."""
    return _named(
        "beta",
        widgets.FloatSlider(
            value=value,
            min=0.0,
            max=0.99,
            step=0.01,
            readout_format=".2f",
            description="momentum β",
        ),
    )


def menu(name: str, text: str, options: list[str], index: int) -> widgets.Dropdown:
    """A choice among labels; its index is what is linked."""
    return _named(name, widgets.Dropdown(options=options, index=index, description=text))


def box(name: str, text: str, *, value: bool) -> widgets.Checkbox:
    """A switch."""
    return _named(name, widgets.Checkbox(value=value, description=text, indent=False))


def exponent_slider(name: str, text: str, value: float, lowest: float, highest: float):
    """A positive number, logarithmic between two ends."""
    low, high, step = exponents(value, lowest, highest)
    return _named(
        name,
        widgets.FloatLogSlider(
            value=value,
            min=low,
            max=high,
            step=step,
            readout_format=".4g",
            description=text,
        ),
    )


def whole_slider(name: str, text: str, value: int, lowest: int, highest: int):
    """A whole number."""
    slider = widgets.IntSlider(value=value, min=lowest, max=highest, description=text)
    return _named(name, slider)


def _named(name: str, control):
    control.style.description_width = "7.5em"
    control.layout.width = "min(100%, 30em)"
    control.add_class(f"control-{name}")
    return control
