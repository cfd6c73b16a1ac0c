"""Move a playground of a page as a reader does, and compute in Python what it must show."""

import copy
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import helpers
from helpers.verdicts import verdict
from tools.site import SITE, Figure

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True,
         "device_scale_factor": 2}  # fmt: skip
DESK = {"viewport": {"width": 1280, "height": 900}}

READY = """() => {
  const hosts = [...document.querySelectorAll(".page-host")];
  return hosts.every((host) => host.matches(".page-host-ready"))
    && [...document.querySelectorAll(".playground output[name=step]")].every(({ value }) => value);
}"""
UNFOLD = """() => {
  for (const box of document.querySelectorAll("details")) box.open = true;
  for (const image of document.images) image.loading = "eager";
  scrollTo(0, document.documentElement.scrollHeight);
}"""
LOADED = """() => document.fonts.status === "loaded"
  && [...document.images].every((image) => image.complete)"""
FRAMES = """(count) => new Promise((done) => {
  const next = () => (count-- > 0 ? requestAnimationFrame(next) : done());
  next();
})"""
STEP = "([root, step]) => Number(root.querySelector('output[name=step]').value) >= step"
PAUSE = f"""(given) => {{
  const there = ({STEP})(given);
  if (there) given[0].querySelector("button[name=play]").click();
  return there;
}}"""
OTHER = "([root, name, value]) => root.querySelector(`[name=${name}]`).value !== value"
PICTURE = """(root) => {
  const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return [...root.querySelectorAll("canvas")].map((canvas) => {
    const { width, height } = Object.assign(copy.canvas, {
      width: canvas.width, height: canvas.height,
    });
    copy.drawImage(canvas, 0, 0);
    let hash = width;
    for (const pixel of new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer)) {
      hash = Math.imul(hash ^ pixel, 0x01000193);
    }
    return `${canvas.closest(".playground-panel").textContent} ${hash}`;
  });
}"""
WORDS = """(root) => [root.textContent, ...[...root.querySelectorAll("*")].flatMap((element) =>
  ["value", "title", "aria-label", "aria-valuetext", "aria-valuenow", "data-value"]
    .map((name) => element.getAttribute(name) ?? element[name] ?? ""))].join(" | ")"""
READOUTS = """(root) => ({
  ...Object.fromEntries([...root.querySelectorAll("output[name]")]
    .map((output) => [output.name, output.dataset.value ?? output.value])),
  status: root.dataset.status,
  verdict: root.querySelector("output[name=status]").value,
})"""
CONTROLS = """(root) => [...root.querySelectorAll("input[name], select[name]")].map((control) => ({
  name: control.name,
  kind: control.type,
  label: control.ariaLabel ?? control.labels[0].textContent,
  value: control.type === "checkbox" ? control.checked : control.value,
  ends: control.type === "range" ? [Number(control.min), Number(control.max)] : null,
  position: control.type === "range"
    ? (control.value - control.min) / (control.max - control.min)
    : control.selectedIndex / (control.length - 1),
  visible: control.checkVisibility(),
}))"""
COLOURS = """(root, names) => {
  const stage = root.querySelector(".playground-stage");
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    paint.clearRect(0, 0, 1, 1);
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 1, 1);
    return [...paint.getImageData(0, 0, 1, 1).data];
  };
  let behind = stage;
  while (behind && channels(getComputedStyle(behind).backgroundColor)[3] < 255) {
    behind = behind.parentElement;
  }
  const style = getComputedStyle(stage);
  return Object.fromEntries([
    ["behind", channels(getComputedStyle(behind).backgroundColor)],
    ...names.map((name) => [name, channels(style.getPropertyValue(`--playground-${name}`))]),
  ]);
}"""
NOT_A_NUMBER = re.compile(r"NaN|Infinity|undefined|\bnull\b|\[object")
NUDGE = 1e-13  # of the start and of each gradient, relative: a few hundred roundings
GROWN = 1e-10  # a run in which nudges become this large is chaotic
ENDS = {  # what a reader presses to bring a control to its ends
    "range": ("Home", "End"),
    "select-one": ("Home", "End"),
    "checkbox": ("Space", "Space"),
    "radio": ("ArrowDown", "ArrowUp"),
}


@dataclass(frozen=True)
class Shown:
    """What the readouts say, at full precision."""

    step: int
    point: tuple[float, ...]
    loss: float
    gradient: float
    status: str
    verdict: str


@dataclass(frozen=True)
class Computed:
    """The run that the copied Python gives, and what it was called with after the start."""

    path: helpers.Path
    objective: Any
    rest: list[Any]
    named: dict[str, Any]

    def comparable_steps(self) -> int:
        """Return for how many steps two runs stay together that differ by a few roundings."""
        points = self.path.points
        start = points[0] + NUDGE * np.maximum(1.0, np.abs(points[0]))
        start = start if np.ndim(start) else float(start)
        other = helpers.descend(Nudged(self.objective), start, *self.rest, **self.named).points
        length = min(len(points), len(other))
        gaps = other[:length] / 2 - points[:length] / 2  # halved, or the largest overflow
        gaps = np.abs(gaps) / np.maximum(0.5, np.abs(points[:length] / 2))
        apart = np.flatnonzero(gaps.reshape(length, -1).max(axis=1) > GROWN)
        if len(apart) or len(other) != len(points):
            return min([length - 1, *apart.tolist()]) - 1
        return length - 1


class Nudged:
    """An objective whose gradients are a few roundings too large and too small by turns."""

    def __init__(self, objective: Any):
        self.objective = objective
        self.factor = itertools.cycle([1 + NUDGE, 1 - NUDGE])

    def __call__(self, x: Any) -> Any:
        """Return the objective's value."""
        return self.objective(x)

    def gradient(self, x: Any) -> Any:
        """Return the gradient, nudged."""
        return self.objective.gradient(x) * next(self.factor)

    def __getattr__(self, name: str) -> Any:
        """Return a nudged `sample_gradient`, if the objective has one."""
        if name != "sample_gradient":
            raise AttributeError(name)
        sample = self.objective.sample_gradient
        return lambda x, rng: sample(x, rng) * next(self.factor)


def compute(code: str) -> Computed:
    """Run the lines that "Copy as Python" gives."""
    calls, descend = [], helpers.descend

    def recorded(*given: Any, **named: Any) -> helpers.Path:
        calls.append((given, copy.deepcopy(named)))  # before the run draws from a generator
        return descend(*given, **named)

    scope = {"print": str}
    with mock.patch.object(helpers, "descend", recorded):
        exec(code, scope)
    [((objective, _, *rest), named)] = calls
    return Computed(scope["path"], objective, rest, named)


@contextmanager
def window(browser: Any, **options: Any) -> Iterator[Any]:
    """A page in a window of its own; `page.complaints` collects errors and warnings."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on(
        "console",
        lambda m: m.type in ("error", "warning") and page.complaints.append(m.text),
    )
    yield page
    context.close()


def visit(page: Any, figure: Figure, fragment: str = "") -> "Playground":
    """Open the page of a playground from disk, anew, and wait until it is alive."""
    page.complaints.clear()
    page.goto("about:blank")
    page.goto(Path(SITE, figure.page).as_uri() + fragment)
    page.wait_for_function(READY)
    return Playground(page, figure)


def unfold(page: Any) -> None:
    """Open what is folded and scroll down, so that all that a page ever loads is loaded."""
    page.wait_for_function(READY)
    page.evaluate(UNFOLD)
    page.wait_for_function(LOADED)


class Playground:
    """A playground on an open page."""

    def __init__(self, page: Any, figure: Figure):
        self.page = page
        self.figure = figure
        self.root = page.locator(".playground").nth(figure.number)
        self.handle = self.root.locator(".playground-handle")
        self.map = self.root.locator(".playground-panel-map canvas")

        self.author = self.state()

    def renew(self) -> "Playground":
        """Bring back the author's state; open the page again where "Reset" does not do it."""
        self.reset()
        return self if self.state() == self.author else visit(self.page, self.figure)

    # -- what it shows

    def settle(self, frames: int = 2) -> None:
        """Wait until what was changed is drawn."""
        self.page.evaluate(FRAMES, frames)

    def picture(self) -> list[str]:
        """Return the caption of each canvas, with a number for its pixels."""
        return self.root.evaluate(PICTURE)

    def shown(self) -> Shown:
        """Return the readouts, after checking that nothing reads as no number."""
        words = self.root.evaluate(WORDS)
        assert not NOT_A_NUMBER.search(words), words
        texts = self.root.evaluate(READOUTS)
        point = tuple(float(number) for number in texts["point"].split())
        numbers = {name: float(texts[name]) for name in ("loss", "gradient")}
        words = {name: texts[name] for name in ("status", "verdict")}
        return Shown(step=int(texts["step"]), point=point, **numbers, **words)

    def state(self) -> tuple[dict[str, Any], Shown, list[str]]:
        """Return the controls' values, the readouts and the picture."""
        return self.values(), self.shown(), self.picture()

    def all_controls(self) -> list[dict[str, Any]]:
        """Return the named controls, those of other methods than the chosen one too."""
        return self.root.evaluate(CONTROLS)

    def controls(self) -> list[dict[str, Any]]:
        """Return the named controls that a reader sees now."""
        return [control for control in self.all_controls() if control["visible"]]

    def rate(self) -> float | None:
        """Return the learning rate of the shown step, where a schedule can be chosen."""
        texts = self.root.evaluate(READOUTS)
        return float(texts["rate"]) if "rate" in texts else None

    def values(self) -> dict[str, Any]:
        """Return the controls' values by name."""
        return {control["name"]: control["value"] for control in self.controls()}

    def message(self, name: str) -> str:
        """Return what is said of the value typed beside a slider."""
        return self._slider(name).get_by_role("alert").inner_text()

    def contrasts(self) -> dict[str, float]:
        """Return by how much the figure's colours stand out from the page (WCAG's ratio)."""
        names = ["ink", "muted", "curve", "guide", "accent"]
        colours = self.root.evaluate(COLOURS, names)
        behind = luminance(colours.pop("behind"))
        pairs = {name: sorted([luminance(it), behind]) for name, it in colours.items()}
        return {name: (high + 0.05) / (low + 0.05) for name, (low, high) in pairs.items()}

    def python(self) -> str:
        """Press "Copy as Python", read the lines and fold them again."""
        button, code = self.button("copy"), self.root.locator(".playground-code")
        button.click()
        assert code.is_visible()
        text = code.inner_text()
        button.click()
        assert not code.is_visible()
        return text

    def wait_for_step(self, step: int) -> None:
        """Wait until the animation has come as far as this step."""
        self.page.wait_for_function(STEP, arg=[self.root.element_handle(), step])

    def pause_at(self, step: int) -> None:
        """Press "Pause" as soon as the animation has come as far as this step."""
        self.page.wait_for_function(PAUSE, arg=[self.root.element_handle(), step])

    def wait_for_another_value(self, name: str, value: str) -> None:
        """Wait until a control no longer has this value, and the picture is drawn."""
        self.page.wait_for_function(OTHER, arg=[self.root.element_handle(), name, value])
        self.settle()

    # -- what a reader does

    def button(self, name: str) -> Any:
        """Return the button of this name."""
        return self.root.locator(f"button[name={name}]")

    def control(self, name: str) -> Any:
        """Return the control of this name."""
        return self.root.locator(f"input[name={name}], select[name={name}]").first

    def number_box(self, name: str) -> Any:
        """Return the box beside a slider in which an exact value is typed."""
        return self._slider(name).locator(".page-host-number")

    def _slider(self, name: str) -> Any:
        return self.root.locator(".page-host-slider", has=self.page.locator(f"[name={name}]"))

    def press(self, name: str, key: str) -> None:
        """Press a key on a control and wait for the picture."""
        self.control(name).press(key)
        self.settle()

    def type(self, name: str, text: str) -> None:
        """Type an exact value beside a slider."""
        box = self.number_box(name)
        box.fill(text)
        box.press("Enter")
        self.settle()

    def see_handle(self) -> tuple[float, float]:
        """Bring the start point's handle into view; return where its centre is."""
        if not self.handle.is_visible():
            self.choose_view(0)
        self.map.scroll_into_view_if_needed()
        return self.centre()

    def choose_view(self, index: int) -> None:
        """Choose from the menu of views: 0 is from above, 1 the surface."""
        self.control("view").select_option(index=index)
        self.settle()

    def centre(self) -> tuple[float, float]:
        """Return where the centre of the start point's handle is in the window."""
        box = self.handle.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def spot(self, right: float, down: float) -> tuple[float, float]:
        """Return a place on the map in the window, by fractions of the map's size."""
        box = self.map.bounding_box()
        return box["x"] + right * box["width"], box["y"] + down * box["height"]

    def reset(self) -> None:
        """Press the reset button."""
        self.button("reset").click()
        self.settle()

    def reveal(self, name: str) -> None:
        """Choose a method to which a control belongs that does not belong to all."""
        menus = [each["name"] for each in self.controls() if each["kind"] == "select-one"]
        for menu in menus:
            for index in range(self.control(menu).locator("option").count()):
                self.control(menu).select_option(index=index)
                self.settle()
                if name in self.values():
                    return
            self.reset()
        raise AssertionError(f"no choice in {menus} shows the control {name!r}")

    # -- both together

    def assert_agrees_with_python(self) -> None:
        """The readouts are what the copied Python computes, as far as the run is not chaotic."""
        computed = compute(self.python())
        steps = computed.comparable_steps()
        if steps >= computed.path.steps:
            return assert_same(self.shown(), computed.path)
        assert steps >= 1, f"not one step of {computed.path} can be compared"
        asked = self.values()["n_steps"]
        self.type("n_steps", str(min(steps, 10)))
        assert_same(self.shown(), compute(self.python()).path)
        self.type("n_steps", asked)

    def ends(self, name: str) -> Iterator[str]:
        """Bring a control to one end and to the other by keyboard; yield each value."""
        (kind,) = {each["kind"] for each in self.controls() if each["name"] == name}
        for key in ENDS[kind]:
            self.press(name, key)
            yield str(self.values()[name])


def assert_same(shown: Shown, path: helpers.Path, step: int | None = None) -> None:
    """The readouts are those of one step of a run, of its end if none is given."""
    if step is None:
        step, status = path.steps, path.status
    else:
        so_far = [each[: step + 1] for each in (path.points, path.values, path.gradient_norms)]
        status, _ = verdict(*so_far, step)
    assert (shown.step, shown.status) == (step, status), f"{shown} and {path}"
    exact = {
        "point": np.atleast_1d(path.points[step]),
        "loss": path.values[step],
        "gradient": path.gradient_norms[step],
    }
    for name, value in exact.items():
        allowed = max(1e-11, 1e-9 * np.max(np.abs(value)))  # relative to the whole point
        np.testing.assert_allclose(
            getattr(shown, name), value, rtol=0, atol=allowed, err_msg=f"{name} of {path}"
        )


def luminance(colour: list[int]) -> float:
    """Return WCAG's relative luminance of a colour's channels."""
    shares = [channel / 255 for channel in colour[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
