"""The figures, by what is in them: lines, labels, colours, limits. Pixels are for the eye."""

import json
from base64 import b64decode
from io import BytesIO

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from helpers import descend, landscapes, models, optimizers, palette, plots, schedules
from helpers.plots import three_dimensions
from helpers.plots.two_dimensions import height_norm

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(autouse=True)
def no_figure_is_left():
    mpl.use("Agg")
    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def line():
    x = np.linspace(-2, 2, 20)
    return models.LinearRegression(x, 2 * x + 1 + 0.3 * np.sin(9 * x))


def lines(ax, label):
    return [line for line in ax.get_lines() if line.get_label() == label]


def texts(ax):
    return " ".join(text.get_text() for text in ax.texts)


def is_inside(ax, points):
    low, high = np.transpose([ax.get_xlim(), ax.get_ylim()])
    return bool(((points >= low) & (points <= high)).all())


# Style


def test_importing_changes_no_setting_and_the_style_context_leaves_none():
    assert mpl.rcParams["font.family"] == ["sans-serif"]
    with plots.style():
        assert mpl.rcParams["font.family"] == ["STIXGeneral"]
    assert mpl.rcParams["font.family"] == ["sans-serif"]


def test_use_style_sets_the_style_for_the_session():
    with mpl.rc_context():
        plots.use_style()
        assert mpl.rcParams["figure.figsize"] == [704 / 72, 380 / 72]
        assert mpl.rcParams["figure.facecolor"] == "white"


def test_the_fonts_are_those_that_come_with_matplotlib():
    path = mpl.font_manager.findfont(plots.STYLE["font.family"], fallback_to_default=False)
    assert path.startswith(mpl.get_data_path())


def test_the_colour_map_gets_lighter_in_even_steps():
    red, green, blue, _ = plots.COLOUR_MAP(np.linspace(0, 1, 9)).T
    lightness = np.cbrt(0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2)
    steps = np.diff(lightness)
    assert (steps > 0).all()
    assert steps.max() < 1.6 * steps.min()


# A curve


def test_a_path_on_a_curve_is_its_points_at_their_heights():
    path = descend(landscapes.ripple, -9.0, 0.3, 20)
    ax = plots.curve(landscapes.ripple, path)
    (drawn,) = lines(ax, "_path")
    np.testing.assert_array_equal(drawn.get_xdata(), path.points)
    np.testing.assert_allclose(drawn.get_ydata(), path.values, rtol=1e-14)
    assert lines(ax, "_start")[0].get_xdata() == path.points[:1]
    assert lines(ax, "_end")[0].get_xdata() == path.points[-1:]


def test_a_curve_is_labelled_from_its_landscape_and_marks_its_minima():
    ax = plots.curve(landscapes.ripple)
    assert ax.get_title(loc="left") + ax.get_title() == r"$\sin x + 0.1 x^{2}$"
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$x$", "$f(x)$")
    np.testing.assert_array_equal(lines(ax, "_minima")[0].get_xdata(), landscapes.ripple.minima)
    assert ax.get_xlim() == landscapes.ripple.domain


def test_a_run_that_leaves_the_domain_a_little_is_in_view_all_the_same():
    points = np.array([5.0, -7.0, 6.5])
    ax = plots.curve(landscapes.parabola, points)
    assert is_inside(ax, np.stack([points, points**2], axis=-1))


def test_a_diverging_run_leaves_the_axes_readable_and_is_said_to_leave():
    path = descend(landscapes.parabola, -5, 1.5, 3000)
    ax = plots.curve(landscapes.parabola, path)
    assert np.ptp(ax.get_xlim()) <= 2.2 * 12
    assert "out of view at step 2" in texts(ax)
    assert np.nanmax(np.abs(lines(ax, "_path")[0].get_xdata())) < 1e3


def test_a_given_domain_is_what_is_shown():
    ax = plots.curve(landscapes.ripple, [-9.0, -8.0], domain=(-3, 3))
    assert ax.get_xlim() == (-3, 3)


def test_a_tangent_has_the_slope_of_the_curve_and_touches_it():
    ax = plots.curve(landscapes.ripple, tangent_at=-7)
    (tangent,) = lines(ax, "_tangent")
    (x0, x1), (y0, y1) = tangent.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(landscapes.ripple.gradient(-7.0))
    assert (y0 + y1) / 2 == pytest.approx(landscapes.ripple(-7.0))


def test_secants_go_through_two_points_of_the_curve_and_name_their_slopes():
    ax = plots.secants(landscapes.parabola, 1.0, (2.0, 1.0))
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["$h = 2$, slope $4.00$", "$h = 1$, slope $3.00$", "tangent, slope $2.00$"]
    (x0, x1), (y0, y1) = lines(ax, labels[0])[0].get_data()
    for at in (1.0, 3.0):
        assert y0 + (at - x0) * (y1 - y0) / (x1 - x0) == pytest.approx(at**2)


def test_a_steep_secant_reaches_both_of_its_points():
    ax = plots.secants(landscapes.parabola, 1.0, (4.0,), domain=(-4, 6))
    x, _ = lines(ax, "$h = 4$, slope $6.00$")[0].get_data()
    assert min(x) <= 1.0 and max(x) >= 5.0


# From above and as a surface


def test_a_path_on_contours_is_its_points():
    path = descend(landscapes.bowl, (4, 2.5), 0.08, 30)
    ax = plots.contours(landscapes.bowl, path)
    np.testing.assert_array_equal(lines(ax, "_path")[0].get_xydata(), path.points)
    assert is_inside(ax, path.points)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("$w_{1}$", "$w_{2}$")


def test_contours_keep_right_angles_right():
    assert plots.contours(landscapes.bowl).get_aspect() == 1


def test_there_are_as_many_contour_lines_as_asked_for_and_half_the_picture_is_below_the_middle():
    ax = plots.contours(landscapes.rosenbrock, levels=11)
    (lines_of_height,) = ax.collections
    heights = ax.images[0].get_array()
    assert len(lines_of_height.levels) == 11
    assert np.mean(heights < lines_of_height.levels[5]) == pytest.approx(0.5, abs=0.01)


def test_rings_of_a_round_bowl_are_at_equal_distances():
    x, y = np.meshgrid(np.linspace(-1, 1, 401), np.linspace(-1, 1, 401))
    norm = height_norm(np.ma.array(x**2 + y**2))
    radii = np.sqrt(norm.inverse(np.linspace(0.1, 0.7, 7)))
    assert np.ptp(np.diff(radii)) < 0.04


def test_optimizers_have_their_colours_and_markers_whatever_their_order():
    path = descend(landscapes.valley, (4, 2.5), 0.02, 5)
    ax = plots.contours(landscapes.valley, {"Adam": path, "momentum, 0.9": path, "plain": path})
    for label, name in (("Adam", "adam"), ("momentum, 0.9", "momentum"), ("plain", "plain")):
        (drawn,) = lines(ax, label)
        assert drawn.get_color() == palette.OPTIMIZER_COLOURS[name]
        assert drawn.get_marker() == palette.OPTIMIZER_MARKERS[name]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["Adam", "momentum, 0.9", "plain"]


def test_unlabelled_paths_of_different_optimizers_are_labelled():
    rules = (optimizers.plain(0.02), optimizers.adam(0.1))
    ax = plots.contours(
        landscapes.valley, [descend(landscapes.valley, (4, 2.5), rule, 5) for rule in rules]
    )
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["plain", "adam"]


def test_learning_rates_are_labelled_as_such_and_darker_the_larger():
    path = descend(landscapes.valley, (4, 2.5), 0.02, 5)
    ax = plots.contours(landscapes.valley, {0.1: path, 0.001: path})
    large, small = lines(ax, r"$\eta = 0.1$")[0], lines(ax, r"$\eta = 0.001$")[0]
    assert sum(large.get_color()[:3]) < sum(small.get_color()[:3])


def test_the_gradient_field_points_downhill_or_uphill_and_stays_in_its_cells():
    down = plots.gradient_field(landscapes.bowl, ax=plt.figure().add_subplot()).collections[0]
    up = plots.gradient_field(landscapes.bowl, uphill=True, ax=plt.figure().add_subplot())
    gradients = landscapes.bowl.gradient(down.get_offsets())
    arrows = np.stack([down.U, down.V], axis=-1)
    cosines = (arrows * gradients).sum(-1) / np.linalg.norm(arrows, axis=-1)
    usual = np.linalg.norm(gradients, axis=-1) > 1e-9
    np.testing.assert_allclose((cosines / np.linalg.norm(gradients, axis=-1))[usual], -1)
    np.testing.assert_allclose(up.collections[0].U, -down.U)
    assert np.abs(arrows).max() < 10 / 17


def test_a_batch_is_drawn_as_one_thin_line_for_each_start():
    starts = np.array([[-3.0, 2.0], [4.0, 1.0], [1.0, -2.0]])
    batch = descend(landscapes.bowl, starts, 0.05, 20)
    ax = plots.gradient_field(landscapes.bowl, batch)
    drawn = lines(ax, "_path")
    assert len(drawn) == 3
    np.testing.assert_array_equal(drawn[1].get_xydata(), batch.points[:, 1])


def test_a_path_on_a_surface_is_a_little_above_it():
    path = descend(landscapes.ripple_2d, (-5, -5), 0.1, 40)
    ax = plots.surface(landscapes.ripple_2d, path)
    x, y, z = lines(ax, "_path")[0].get_data_3d()
    np.testing.assert_array_equal(np.stack([x, y], axis=-1), path.points)
    above = z - path.values
    assert ax.name == "3d"
    assert (above > 0).all()
    assert above.max() < 0.02 * np.ptp(ax.get_zlim())


def test_a_surface_does_not_draw_what_is_beyond_its_edge():
    path = descend(landscapes.valley, (4, 2.5), 0.105, 50)
    x, y, _ = lines(plots.surface(landscapes.valley, path), "_path")[0].get_data_3d()
    assert np.nanmax(np.abs(y)) <= 3.2
    assert np.isfinite(x).sum() >= 2


# Losses


def test_the_loss_is_drawn_above_its_true_minimum_on_a_logarithmic_axis():
    path = descend(landscapes.ripple, -9.0, 0.3, 60)
    ax = plots.loss_curve(path, landscapes.ripple)
    expected = path.values - landscapes.ripple(landscapes.ripple.minima).min()
    np.testing.assert_allclose(lines(ax, "_losses")[0].get_ydata(), expected)
    assert ax.get_yscale() == "log"
    assert ax.get_ylabel() == "loss above the minimum"
    assert is_inside(ax, np.stack([np.arange(61), expected], axis=-1))


def test_without_a_known_minimum_losses_are_drawn_as_they_are():
    ax = plots.loss_curve([4.0, 2.0, 1.0, 1e-6])
    np.testing.assert_array_equal(lines(ax, "_losses")[0].get_ydata(), [4.0, 2.0, 1.0, 1e-6])
    assert (ax.get_yscale(), ax.get_ylabel()) == ("linear", "loss")


def test_a_landscape_without_minima_has_a_linear_loss_axis():
    path = descend(landscapes.saddle, (2, 0.001), 0.05, 80)
    assert plots.loss_curve(path, landscapes.saddle).get_yscale() == "linear"


def test_a_diverging_run_does_not_flatten_the_others_and_is_said_to_leave():
    rates = (0.2, 0.38, 0.9)
    runs = {rate: descend(landscapes.tilted_bowl, (4, 4), rate, 60) for rate in rates}
    for log in (True, False):
        ax = plots.loss_curve(runs, landscapes.tilted_bowl, ax=plt.figure().add_subplot(), log=log)
        assert ax.get_ylim()[1] <= 2e6 * 48
        assert r"$\eta = 0.9$: off the top from iteration" in texts(ax)
        for rate in rates[:2]:
            (drawn,) = lines(ax, rf"$\eta = {rate}$")
            assert is_inside(ax, drawn.get_xydata())


def test_a_run_that_diverges_alone_is_shown_until_it_leaves():
    ax = plots.loss_curve(descend(landscapes.parabola, -5, 1.2, 3000), landscapes.parabola)
    assert ax.get_ylim()[1] < 1e23
    assert ax.get_xlim()[1] < 100


def test_losses_can_be_drawn_against_something_else():
    ax = plots.loss_curve(
        {"batch": [3.0, 2.0], "stochastic": [3.0, 1.0, 0.5]},
        x={"batch": [0, 200], "stochastic": [0, 1, 2]},
        unit="examples seen",
    )
    np.testing.assert_array_equal(lines(ax, "batch")[0].get_xdata(), [0, 200])
    assert ax.get_xlabel() == "examples seen"


def test_a_million_steps_are_drawn_by_ten_thousand_points_the_last_among_them():
    path = descend(landscapes.ripple, 10, 0.06, 1_000_000)
    (drawn,) = lines(plots.loss_curve(path, landscapes.ripple), "_losses")
    assert len(drawn.get_xdata()) == 10_000
    np.testing.assert_array_equal(drawn.get_xdata()[:2000], np.arange(2000))
    assert drawn.get_xdata()[-1] == 1_000_000


def test_a_learning_curve_counts_epochs():
    ax = plots.learning_curve({"training": [3, 2, 1], "validation": [3, 2.5, 2.6]})
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]


# Data and lines


def test_a_fit_shows_the_data_the_first_and_the_last_line_and_the_residuals(line):
    path = descend(line, (0, 0), 0.05, 40)
    ax = plots.data_and_line(line, path)
    np.testing.assert_array_equal(
        lines(ax, "_data")[0].get_xydata(), np.stack([line.x, line.y], axis=-1)
    )
    for label, theta in (("_first", path.points[0]), ("_line", path.points[-1])):
        x, y = lines(ax, label)[0].get_data()
        np.testing.assert_allclose(y, theta[0] * x + theta[1])
    ends = np.array(ax.collections[0].get_segments())[:, :, 1]
    residuals = line.predict(path.points[-1], line.x) - line.y
    np.testing.assert_allclose(np.ptp(ends, axis=1), np.abs(residuals))


def test_a_line_that_diverged_leaves_the_data_in_view(line):
    ax = plots.data_and_line(line, descend(line, (0, 0), 2.0, 3000))
    assert is_inside(ax, np.stack([line.x, line.y], axis=-1))
    assert np.ptp(ax.get_ylim()) < 2 * np.ptp(line.y)


def test_slices_of_loss_surfaces_are_lowest_at_the_minima(line):
    other = models.LinearRegression(line.x, line.x**2)
    ax = plots.loss_slices({"line": line, "parabola": other}, along="b")
    for label, model in (("line", line), ("parabola", other)):
        b, losses = lines(ax, label)[0].get_data()
        assert b[losses.argmin()] == pytest.approx(model.minima[0, 1], abs=0.02)
        assert losses.min() == pytest.approx(model(model.minima[0]), abs=1e-3)
    assert ax.get_xlabel() == "$b$"


# Basins, schedules, whole figures


def test_the_strip_of_basins_changes_colour_at_the_maximum_between_the_minima():
    starts = plots.starts(landscapes.ripple, 401)
    ax = plots.basins(landscapes.ripple, descend(landscapes.ripple, starts, 0.1, 300))
    assert (starts[0], starts[-1]) == landscapes.ripple.domain
    strip = ax.collections[-1]
    reached = np.ravel(strip.get_array())
    np.testing.assert_array_equal(reached, np.where(starts < 1.977383, 0, 1))


def test_the_map_of_basins_has_each_start_in_its_place():
    starts = plots.starts(landscapes.ripple_2d, 12)
    path = descend(landscapes.ripple_2d, starts, 0.1, 400, keep="ends")
    ax = plots.basins(landscapes.ripple_2d, path)
    reached = ax.collections[-1].get_array()
    order = landscapes.ripple_2d.minima
    x, y = np.meshgrid(np.linspace(-6, 6, 12), np.linspace(-6, 6, 12))
    np.testing.assert_array_equal(order[reached.astype(int), 0] > 0, x > 1.977383)
    np.testing.assert_array_equal(order[reached.astype(int), 1] > 0, y > 1.977383)


def test_starts_that_reach_no_minimum_are_grey():
    starts = np.array([[0.0, 0.0], [1.5, -1.5]])
    ax = plots.basins(landscapes.hills, descend(landscapes.hills, starts, 0.1, 300))
    dots = ax.collections[-1]
    first, second = (to_hex(colour) for colour in dots.to_rgba(dots.get_array()))
    assert first == "#d4d7dd" != second


def test_a_schedule_is_drawn_as_it_is_computed():
    schedule = schedules.step_decay(0.1, 0.5, 10)
    ax = plots.schedule_curves({"step decay": schedule, "constant": schedules.constant(0.1)}, 30)
    steps, rates = lines(ax, "step decay")[0].get_data()
    np.testing.assert_array_equal(rates, [schedule(step) for step in steps])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["step decay", "constant"]


@pytest.mark.parametrize(
    ("objective", "start", "view", "kinds"),
    [
        (landscapes.ripple, -9.0, "auto", ["rectilinear", "rectilinear"]),
        (landscapes.bowl, (4, 2.5), "auto", ["rectilinear", "rectilinear"]),
        (landscapes.bowl, (4, 2.5), "surface", ["3d", "rectilinear"]),
    ],
)
def test_a_run_is_its_landscape_beside_its_loss_and_its_verdict(objective, start, view, kinds):
    path = descend(objective, start, 0.08, 30)
    figure = plots.run(objective, path, view=view)
    assert [ax.name for ax in figure.axes] == kinds
    assert len(lines(figure.axes[0], "_path")[0].get_xdata()) == 31
    loss = figure.axes[1]
    assert len(lines(loss, "_losses")[0].get_xdata()) == 31
    assert loss.get_title(loc="left") == "still descending"


def test_a_run_of_a_model_is_its_data_beside_its_loss_surface(line):
    data, losses = plots.run(line, descend(line, (0, 0), 0.05, 10)).axes
    assert lines(data, "_line")
    assert losses.get_xlabel() == "$w$"


def test_a_run_is_no_business_of_pyplot_and_looks_the_same_under_any_setting():
    path = descend(landscapes.bowl, (4, 2.5), 0.08, 30)
    picture = plots.png(plots.run(landscapes.bowl, path))
    with mpl.rc_context({"font.size": 30, "font.family": "DejaVu Sans", "lines.linewidth": 9}):
        figure = plots.run(landscapes.bowl, path)
        assert plots.png(figure) == picture
    assert plt.get_fignums() == []
    width, height = (int.from_bytes(picture[k : k + 4]) for k in (16, 20))
    assert (width, height) == (1408, 600)


def test_a_run_saved_under_another_setting_keeps_its_letters():
    figure = plots.run(landscapes.bowl, descend(landscapes.bowl, (4, 2.5), 0.08, 30))
    figure.savefig(BytesIO(), dpi=20)
    labels = [label for ax in figure.axes for label in ax.get_xticklabels() + ax.get_yticklabels()]
    assert {label.get_fontname() for label in labels} == {"STIXGeneral"}


def test_panels_that_compare_share_their_axes_and_say_how_each_run_ended():
    starts = {0.005: (4, 2.5), 0.09: (6, 2.5), 0.105: (4, 2.5)}
    runs = {rate: descend(landscapes.valley, starts[rate], rate, 50) for rate in starts}
    *panels, losses = plots.compare(landscapes.valley, runs, losses=True)
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in panels}) == 1
    assert is_inside(panels[0], runs[0.09].points)
    titles = [ax.get_title() for ax in panels]
    assert titles == [
        r"$\eta = 0.005$, still descending",
        r"$\eta = 0.09$, converged at step 50",
        r"$\eta = 0.105$, diverged at step 1",
    ]
    assert lines(panels[2], r"$\eta = 0.105$")[0].get_color() == (
        lines(losses, r"$\eta = 0.105$")[0].get_color()
    )


# Whatever the path


ODD_PATHS = {
    "none": None,
    "no dict": {},
    "no path": [],
    "no point": np.empty(0),
    "start only": [2.0],
    "not finite": [1.0, np.nan, np.inf],
    "largest": [1.0, 1.7e308, -1.7e308],
    "far away": [1e200, 1e200],
}


@pytest.mark.parametrize("path", ODD_PATHS.values(), ids=ODD_PATHS.keys())
def test_odd_paths_on_a_curve_are_drawn_without_a_warning(path):
    for figure in (
        plots.curve(landscapes.define("x**2", (-0.1, 0.1)), path).figure,
        plots.loss_curve(path, landscapes.parabola, ax=plt.figure().add_subplot()).figure,
        plots.run(landscapes.parabola, path),
    ):
        figure.savefig(BytesIO(), dpi=20)


@pytest.mark.parametrize("path", ODD_PATHS.values(), ids=ODD_PATHS.keys())
def test_odd_paths_in_the_plane_are_drawn_without_a_warning(path, line, monkeypatch):
    monkeypatch.setattr(three_dimensions, "SIDE", 9)
    if isinstance(path, list | np.ndarray):
        path = np.stack([path, path], axis=-1)
    for figure in (
        plots.gradient_field(landscapes.bowl, path).figure,
        plots.surface(landscapes.bowl, path).figure,
        plots.run(landscapes.bowl, path),
        plots.run(line, path),
    ):
        figure.savefig(BytesIO(), dpi=20)


@pytest.mark.parametrize("steps", [0, 1, 3000])
def test_short_and_endless_descents_are_drawn_without_a_warning(steps):
    for objective, start in ((landscapes.parabola, 5.0), (landscapes.bowl, [[4.0, 2.5]] * 3)):
        figure = plots.run(objective, descend(objective, start, 1.5, steps))
        figure.savefig(BytesIO(), dpi=20)


# Axes in, axes out


def test_figures_are_drawn_into_the_axes_given_or_the_current_ones():
    ax = plt.figure().add_subplot()
    other = plt.figure().add_subplot()
    assert plots.curve(landscapes.ripple, ax=ax) is ax
    assert plots.curve(landscapes.ripple) is other
    assert plots.surface(landscapes.bowl) not in (ax, other)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plots.curve(landscapes.bowl), "dimension 1, not 2"),
        (lambda: plots.contours(landscapes.ripple), "dimension 2, not 1"),
        (lambda: plots.contours(landscapes.bowl, levels=0), "levels .* 0"),
        (lambda: plots.contours(landscapes.bowl, [(1, 2, 3)]), "dimension 2"),
        (lambda: plots.contours(landscapes.bowl, "path"), "path"),
        (lambda: plots.curve(landscapes.ripple, domain=(3, -3)), "domain"),
        (lambda: plots.surface(landscapes.bowl, ax=plt.gca()), "3-D"),
        (lambda: plots.gradient_field(landscapes.bowl, density=1), "density .* 1"),
        (lambda: plots.secants(landscapes.parabola, 1, (1, 0)), "widths"),
        (lambda: plots.loss_curve([1, 2], x=[1]), "2 losses, not 1"),
        (lambda: plots.run(landscapes.bowl, None, view="curve"), "'curve'"),
        (lambda: plots.compare(landscapes.bowl, []), "dict"),
        (lambda: plots.schedule_curves(0.1, 10), "function"),
        (lambda: plots.basins(landscapes.bowl, np.zeros((3, 2))), "batch"),
    ],
)
def test_bad_input_is_refused_in_words(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_panels_fill_a_picture_in_reading_order():
    with plots.style():
        figure = plt.figure(figsize=plots.size(704, 600))
        mosaic = figure.subplot_mosaic([["a", "b"], ["c", "d"], ["wide", "wide"]])
    for name, ax in mosaic.items():
        ax.set(title=f"panel {name}", xlabel="x", ylabel="y")
    with Image.open(BytesIO(plots.png(figure))) as picture:
        boxes = json.loads(picture.text["Panels"])
        assert picture.size == (1408, 1200)
    assert len(boxes) == len(mosaic)
    assert boxes[-1][::2] == [0, 1408]
    assert sum((right - left) * (low - top) for left, top, right, low in boxes) == 1408 * 1200
    for ax, (left, top, right, low) in zip(mosaic.values(), boxes, strict=True):
        x0, y0, x1, y1 = 2 * np.array(ax.get_tightbbox().extents)
        assert left <= x0 < x1 <= right
        assert top <= 1200 - y1 < 1200 - y0 <= low


def test_a_map_and_its_colour_bar_are_one_panel():
    with plots.style():
        figure, (left, right) = plt.subplots(1, 2, figsize=plots.size())
    figure.colorbar(left.imshow([[0, 1]]), ax=left)
    right.plot([0, 1])
    with Image.open(BytesIO(plots.png(figure))) as picture:
        boxes = json.loads(picture.text["Panels"])
    bar = 2 * np.array(figure.axes[2].get_tightbbox().extents)
    assert len(boxes) == 2
    assert bar[2] <= boxes[0][2]


def test_a_picture_says_how_dense_it_is():
    path = descend(landscapes.bowl, (4, 2.5), 0.08, 30)
    with Image.open(BytesIO(plots.png(plots.run(landscapes.bowl, path)))) as picture:
        assert picture.info["dpi"] == pytest.approx((144, 144), rel=1e-3)


def narrow_form(figure):
    with Image.open(BytesIO(plots.png(figure))) as picture:
        text = picture.text.get("Narrow")
    return text and Image.open(BytesIO(b64decode(text)))


def test_a_wide_figure_with_one_panel_has_a_narrow_form():
    with plots.style():
        figure, ax = plt.subplots(figsize=plots.size(704, 300))
    ax.set_title("short")
    before = plots.png(figure)
    assert narrow_form(figure).size == (960, 510)
    assert plots.png(figure) == before  # the figure is as it was
    ax.set_title("a title that is longer than a narrow figure is wide " * 2)
    assert narrow_form(figure) is None
    figure.set_size_inches(plots.size(520, 300))
    assert narrow_form(figure) is None  # narrow enough as it is
