"""Playgrounds of the built book in a reader's hands: drag, touch, keys, buttons, typing, links."""

import pytest

from helpers.playground.rules import SCHEDULES
from tools.playgrounds import PHONE, assert_same, compute, visit, window
from tools.site import makes

NEAR = 4  # pixels: a start point snaps to its slider's grid
WRONG = ["abc", "", "--1", "1e999", "1e300", "0,5"]


@pytest.fixture(scope="module", params=makes(), ids=str)
def figure(request):
    """One playground of each make; what it shows is compared for all in another file."""
    return request.param


@pytest.fixture(scope="module")
def phone(browser, site):
    """A window as narrow as a telephone, with a finger."""
    with window(browser, **PHONE) as page:
        yield page


def start_of(live):
    return {name: value for name, value in live.values().items() if name.startswith("start")}


def assert_start_is_near(live, place):
    x, y = live.centre()
    assert abs(x - place[0]) <= NEAR
    assert len(start_of(live)) == 1 or abs(y - place[1]) <= NEAR


def test_the_start_point_follows_the_mouse(live, desk):
    place = live.see_handle()
    start, picture = start_of(live), live.picture()
    target = live.spot(0.4, 0.35)
    desk.mouse.move(*place)
    desk.mouse.down()
    desk.mouse.move(*target, steps=4)
    desk.mouse.up()
    live.settle()
    assert_start_is_near(live, target)
    assert start_of(live) != start
    assert live.picture() != picture
    live.assert_agrees_with_python()
    desk.mouse.move(*live.see_handle())
    desk.mouse.down()
    desk.mouse.move(5, 5, steps=2)  # far outside the figure
    desk.mouse.up()
    live.settle()
    live.assert_agrees_with_python()


def test_the_start_point_follows_a_finger(figure, phone):
    small = visit(phone, figure)
    small.see_handle()
    start, target = start_of(small), small.spot(0.3, 0.4)
    phone.touchscreen.tap(*target)
    small.wait_for_another_value(*start.popitem())
    assert_start_is_near(small, target)

    session = phone.context.new_cdp_session(phone)

    def touch(kind, *places):
        points = [{"x": x, "y": y} for x, y in places]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    scrolled, place, target = phone.evaluate("scrollY"), small.centre(), small.spot(0.6, 0.7)
    touch("touchStart", place)
    for part in (0.25, 0.5, 0.75, 1):
        touch("touchMove", [a + part * (b - a) for a, b in zip(place, target, strict=True)])
    touch("touchEnd")
    small.settle()
    assert_start_is_near(small, target)
    assert phone.evaluate("scrollY") == scrolled
    assert phone.complaints == []
    small.assert_agrees_with_python()


def test_the_start_point_follows_the_arrow_keys(live):
    live.see_handle()
    for name, keys in zip(
        start_of(live), [("ArrowLeft", "ArrowRight"), ("ArrowDown", "ArrowUp")], strict=False
    ):
        slider = live.control(name)
        low, high, step, value = (
            float(slider.evaluate(f"slider => slider.{each}")) for each in
            ("min", "max", "step", "value")
        )  # fmt: skip
        way = 1 if value < (low + high) / 2 else -1
        for key, distance in (("", 1), ("Shift+", 10)):
            live.handle.press(key + keys[way > 0])
            live.settle()
            value += way * distance * step
            assert float(live.values()[name]) == pytest.approx(value)
        live.assert_agrees_with_python()


def test_a_surface_turns_by_mouse_and_arrow_keys(live, desk):
    if "view" not in live.values():
        return  # a figure without a surface
    live.choose_view(1)
    live.map.scroll_into_view_if_needed()
    shown, pictures = live.shown(), [live.picture()]
    desk.mouse.move(*live.spot(0.5, 0.5))
    desk.mouse.down()
    desk.mouse.move(*live.spot(0.7, 0.4), steps=3)
    desk.mouse.up()
    live.settle()
    pictures.append(live.picture())
    for key in ("ArrowLeft", "ArrowUp"):
        live.map.press(key)
        live.settle()
        pictures.append(live.picture())
    assert len({str(picture) for picture in pictures}) == 4
    assert live.shown() == shown


def test_the_rate_of_each_step_is_that_of_the_schedule(live):
    if "schedule" not in live.values():
        assert live.rate() is None
        return
    labels = live.control("schedule").locator("option").all_inner_texts()
    first, n = (float(live.values()[name]) for name in ("learning_rate", "n_steps"))
    for index, label in enumerate(labels):
        live.control("schedule").select_option(index=index)
        live.settle()
        [make] = [make for text, make in SCHEDULES.values() if text == label]
        schedule = make(float(f"{10**first:.4g}"), int(n))
        assert live.rate() == pytest.approx(schedule(live.shown().step - 1), rel=1e-9)
        for step in (0, 1, 2, 3):
            live.button("step_once").click()
            live.settle()
            assert live.shown().step == step
            assert live.rate() == pytest.approx(schedule(max(0, step - 1)), rel=1e-9)


def test_step_play_pause_and_reset_do_what_they_say(live):
    at_first = live.state()
    path = compute(live.python()).path
    for step in (0, 1, 2):
        live.button("step_once").click()
        live.settle()
        assert_same(live.shown(), path, step)
    play = live.button("play")
    play.click()
    assert play.inner_text() == "Pause"
    live.pause_at(4)
    assert play.inner_text() == "Play"
    stopped = live.state()
    assert 4 <= stopped[1].step < path.steps
    live.settle(frames=25)  # longer than a step of the animation lasts
    assert live.state() == stopped
    live.type("n_steps", "9")
    play.click()
    assert play.inner_text() == "Pause"
    live.wait_for_step(9)
    live.root.get_by_role("button", name="Play", exact=True).wait_for()
    live.assert_agrees_with_python()
    live.reset()
    assert live.state() == at_first


def test_a_wrong_value_is_named_and_the_last_good_state_stays(live):
    for control in live.controls():
        name = control["name"]
        box = live.number_box(name)
        if not box.count():
            continue
        good = (live.state(), box.input_value())
        for text in WRONG if name == "learning_rate" else WRONG[:1]:
            live.type(name, text)
            message = live.message(name)
            assert message.startswith(f"{control['label']}: “{text}” is not allowed. Type a ")
            assert (live.state(), box.input_value()) == good
        (low, high), position = control["ends"], float(control["value"])
        place = low + (0.3 if control["position"] > 0.5 else 0.7) * (high - low)
        logarithmic = position != float(box.get_attribute("title"))
        value = 10**place if logarithmic else place
        text = f"{value:.0f}" if "whole number" in message else f"{value:.3g}"
        live.type(name, text)
        assert live.message(name) == ""
        assert float(box.get_attribute("title")) == float(text)
        assert live.state() != good[0]
        live.assert_agrees_with_python()
        live.reset()


def test_a_link_reopens_the_exact_state(live, desk, figure):
    author = live.values()
    for control in live.controls():
        if control["name"] in live.values():  # a surface has no gradient field
            back = control["kind"] != "checkbox" and control["position"] > 0.5
            key = {"checkbox": "Space", "range": "ArrowLeft" if back else "ArrowRight"}
            live.press(
                control["name"], key.get(control["kind"], "ArrowUp" if back else "ArrowDown")
            )
    typed = {}  # values off the slider's grid, with more digits than it shows
    for name in start_of(live):
        low, high = (float(live.control(name).get_attribute(end)) for end in ("min", "max"))
        typed[name] = f"{low + 0.61803 * (high - low):.7g}"
        live.type(name, typed[name])
    state = live.state()
    changed = [name for name, value in author.items() if state[0].get(name, value) != value]
    assert {*changed} == {*author} & {*state[0]}
    parts = [f"{name}={typed.get(name, '')}" for name in changed]
    desk.wait_for_function(
        "parts => parts.every((each) => location.hash.includes(each))", arg=parts
    )
    again = visit(desk, figure, "#" + desk.url.partition("#")[2])
    assert again.state() == state
    again.reset()
    desk.wait_for_function("location.hash === ''")
