"""From a key pressed on a slider to the picture painted, in whatever page the slider stands."""

import time
from pathlib import Path
from typing import Any

WATCH = (Path(__file__).with_name("watch.js")).read_text("utf8")
PRESSES = 48
KEYS = ("ArrowRight", "ArrowLeft")
REPEATS, PERIOD = 60, 1 / 30  # a key that repeats for two seconds
ANSWER = """(count) => new Promise((done, fail) => {
  const limit = performance.now() + 20_000;
  const look = () => {
    const key = bench.keys.at(-1);
    const paint = bench.paints.find((time) => time > key);
    if (bench.keys.length >= count && paint) done(paint - key);
    else if (performance.now() > limit) fail(new Error("no picture follows the key"));
    else setTimeout(look, 5);
  };
  look();
})"""
FORGET = "() => Object.assign(bench, { keys: [], paints: [], work: [] })"


def latencies(page: Any, slider: Any, presses: int = PRESSES) -> list[float]:
    """Press arrow keys at uneven intervals; return milliseconds from each key to its picture."""
    slider.focus()
    page.evaluate(FORGET)
    found = []
    for number in range(presses):
        page.wait_for_timeout(60 + 13 * (number % 7))  # at every phase of the display's frames
        page.keyboard.press(KEYS[number // 4 % 2])
        found.append(page.evaluate(ANSWER, number + 1))
    return found[4:]  # the first warm up


def own_work(page: Any, slider: Any, presses: int = PRESSES) -> list[float]:
    """Return milliseconds of computing, drawing and rasterising for each of many key presses."""
    slider.focus()
    page.evaluate(FORGET)
    page.evaluate("() => { bench.rasterise = true }")
    for number in range(presses):
        page.wait_for_timeout(40)
        page.keyboard.press(KEYS[number // 4 % 2])
        page.evaluate(ANSWER, number + 1)
    page.evaluate("() => { bench.rasterise = false }")
    return page.evaluate("bench.work")[4:]


def repeat(page: Any, slider: Any) -> tuple[int, float]:
    """Repeat a key for two seconds; return the pictures shown and how late (ms) the last is."""
    slider.focus()
    page.evaluate(FORGET)
    began = time.perf_counter()
    for number in range(REPEATS):
        page.keyboard.down(KEYS[number // 15 % 2])
        time.sleep(max(0.0, began + (number + 1) * PERIOD - time.perf_counter()))
    for key in KEYS:
        page.keyboard.up(key)
    page.evaluate(ANSWER, 0)
    page.wait_for_timeout(1500)  # whatever is still to come
    keys, paints = page.evaluate("[bench.keys, bench.paints]")
    shown = [paint for paint in paints if paint > keys[0]]
    return len(shown), shown[-1] - keys[-1]
