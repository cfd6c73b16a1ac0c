"""The stage: the widget in which the ES module draws and descends."""

from pathlib import Path

import anywidget
import traitlets

_HERE = Path(__file__).parent


class Stage(anywidget.AnyWidget):
    """The drawing part of a playground, its state in traits alone.

    A page without Python recreates the stage from these traits, so nothing else may matter.
    ``scene`` and ``initial`` are written once; the others follow the controls.
    """

    _esm = _HERE / "playground.js"
    _css = _HERE / "playground.css"

    scene = traitlets.Dict(help="what is shown; see helpers.playground.scene").tag(sync=True)
    initial = traitlets.Dict(help="trait values that the reset button restores").tag(sync=True)
    learning_rate = traitlets.Float(0.1).tag(sync=True)
    rate_range = traitlets.List(help="exponents at the learning-rate slider's ends").tag(sync=True)
    start = traitlets.Float(0.0, help="start point in one dimension").tag(sync=True)
    start_x = traitlets.Float(0.0, help="first coordinate of the start in two").tag(sync=True)
    start_y = traitlets.Float(0.0, help="second coordinate of the start in two").tag(sync=True)
    n_steps = traitlets.Int(50).tag(sync=True)
    optimizer = traitlets.Int(0, help="index into the scene's optimizers").tag(sync=True)
    beta = traitlets.Float(0.9).tag(sync=True)
    schedule = traitlets.Int(0, help="index into the scene's schedules").tag(sync=True)
    kappa = traitlets.Float(1.0, help="the landscape's parameter κ").tag(sync=True)
    nudge = traitlets.Bool(False, help="whether the start is moved a little").tag(sync=True)
    batch_size = traitlets.Int(1).tag(sync=True)
    seed = traitlets.Int(0, help="of the order of the examples").tag(sync=True)
    shuffle = traitlets.Bool(True, help="whether each epoch has a new order").tag(sync=True)
    unit = traitlets.Int(0, help="losses by updates, epochs or examples").tag(sync=True)
    restarts = traitlets.Int(0, help="seed of the random restarts on show, or 0").tag(sync=True)
    view = traitlets.Int(0, help="index into the scene's views").tag(sync=True)
    field = traitlets.Bool(False, help="whether the gradient field is drawn").tag(sync=True)
