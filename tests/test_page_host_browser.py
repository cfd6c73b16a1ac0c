"""The page host's script in a real browser: each control, links, messages, modules, addresses."""

import functools
import html
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import anywidget
import ipywidgets as w
import pytest
import traitlets
from playwright.sync_api import Browser, Page

import page_host
from page_host.lean import lean
from page_host.state import KINDS, module_script, reduce_state

SOURCES = Path(page_host.__file__).parent
MIME = "application/vnd.jupyter.widget-"
PICTURE = (
    '<img alt="A curve that rises." width="1" height="1" src="data:image/png;base64,iVBORw0KGgoAA'
    'AANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==">'
    '<pre class="page-host-plain" tabindex="0">A curve that rises.</pre>'
)


TALL = "<p style='height: 3000px'></p>"


class Probe(anywidget.AnyWidget):
    """Shows its traits as JSON, and writes what a page sends it."""

    _esm = """
    export default { render({ model, el }) {
      const out = document.createElement("output");
      const show = () => {
        out.value = JSON.stringify(["rate", "start", "choice"].map((key) => model.get(key)));
      };
      el.append(out);
      window.drawn = (window.drawn ?? 0) + 1;
      el.write = (changes) => { model.set(changes); model.save_changes(); };
      model.on("change:rate change:start change:choice", show);
      show();
      return () => { window.cleaned = (window.cleaned ?? 0) + 1; };
    } };
    """
    _css = ".probe output { font-style: italic }"
    rate = traitlets.Any(None, allow_none=True).tag(sync=True)
    start = traitlets.Any(None, allow_none=True).tag(sync=True)
    choice = traitlets.Any(None, allow_none=True).tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.add_class("probe")


def trait_of(control: w.Widget) -> str:
    return "index" if hasattr(control, "index") else "value"


def joined(control: w.Widget, trait: str = "rate", name: str = "figure") -> w.VBox:
    """A control that drives a probe."""
    probe = Probe()
    root = w.VBox([control, probe])
    root.add_class(name)
    root.link = w.jslink((control, trait_of(control)), (probe, trait))
    return root


def figure(name: str = "figure") -> w.VBox:
    """A probe with a rate, a start and a choice, as a playground has them."""
    probe = Probe()
    rate = w.FloatLogSlider(value=0.06, min=-3, max=0, step=0.01, description="learning rate")
    start = w.FloatSlider(value=-5, min=-10, max=10, step=0.1, description="start")
    choice = w.Dropdown(options=["plain", "with momentum", "adam"], description="method")
    root = w.VBox([probe, rate, start, choice])
    root.add_class("playground")
    root.add_class(name)
    root.links = [
        w.jslink((rate, "value"), (probe, "rate")),
        w.jslink((start, "value"), (probe, "start")),
        w.jslink((choice, "index"), (probe, "choice")),
    ]
    return root


@pytest.fixture
def write(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Write a page that displays widgets as the extension would."""

    def run(*views: w.Widget, before: str = "", after: str = "", reduced: bool = True) -> Path:
        state = w.Widget.get_manager_state(drop_defaults=False)["state"]
        names = {view.model_id: view.model_id for view in views}
        scripts = ""
        if reduced:
            state, names, texts = reduce_state(state, [view.model_id for view in views])
            for key, text in texts.items():
                (tmp_path / f"{key}.js").write_text(module_script(key, text))
                scripts += f'<script defer src="{key}.js"></script>'
        for kind in ("js", "css"):
            source = (SOURCES / f"page_host.{kind}").read_text()
            (tmp_path / f"page_host.{kind}").write_text(lean(source, kind))
        body = json.dumps({"state": state}).replace("<", r"\u003c")
        outputs = "".join(
            f'<div class="page-host">{PICTURE}<script type="{MIME}view+json">'
            f"{json.dumps({'model_id': names[view.model_id]})}</script></div>"
            for view in views
        )
        page = tmp_path / "page.html"
        page.write_text(
            '<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width"><title>A page</title>'
            '<link rel="icon" href="data:,"><link rel="stylesheet" href="page_host.css">'
            f'<script type="{MIME}state+json">{body}</script>{scripts}'
            '<script defer src="page_host.js"></script></head><body><main><h1>A page</h1>'
            f"{before}{outputs}{after}</main></body></html>",
            encoding="utf-8",
        )
        return page

    yield run
    w.Widget.close_all()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address; errors of the page, and requests that leave it, fail the test."""
    contexts, complaints, allowed = [], [], []

    def run(address: str | Path, *, expect_errors: bool = False, ready: bool = True, **settings):
        url = address.as_uri() if isinstance(address, Path) else address
        page = browser.new_context(**settings).new_page()
        contexts.append(page.context)
        if not expect_errors:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda m: m.type in ("error", "warning") and complaints.append(m.text),
            )
        local = (url.rsplit("/", 1)[0], "blob:", "data:")
        page.on("request", lambda r: r.url.startswith(local) or complaints.append(r.url))
        page.goto(url)
        if ready:
            page.wait_for_selector(".page-host-ready", state="attached")
        allowed.append(page)
        return page

    yield run
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def show(write: Callable[..., Path], visit: Callable[..., Page]) -> Callable[..., Page]:
    """Write a page with these widgets and open it from disk."""
    return lambda *views, **settings: visit(write(*views), **settings)


def probed(page: Page, number: int = 0) -> list:
    """What the n-th probe's module has in its model: rate, start and choice."""
    return json.loads(page.locator(".probe output").nth(number).inner_text())


def fragment(page: Page) -> str:
    # It is written when the reader rests; the page's timers end in their order, however slow.
    page.evaluate("() => new Promise((done) => setTimeout(done, 400))")
    return page.evaluate("location.hash")


def press(*keys: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator("[name=rate]").first.focus()
        for key in keys:
            page.keyboard.press(key)

    return act


def type_text(text: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator("[name=rate]").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
        page.keyboard.press("Enter")

    return act


OPTIONS = ["plain", "momentum", "adam"]
BY_KEYBOARD = {  # kind: (settings, what a reader does, the value that it leads to)
    "FloatSlider": ({"value": 0.3, "min": -1, "max": 1}, press("ArrowRight"), 0.4),
    "IntSlider": ({"value": 20, "step": 5}, press("ArrowLeft", "PageUp"), 65),
    "FloatLogSlider": ({"value": 0.1, "min": -3, "max": 0}, press("ArrowRight"), 10**-0.9),
    "SelectionSlider": ({"options": OPTIONS}, press("ArrowRight"), 1),
    "Dropdown": ({"options": OPTIONS}, press("ArrowDown", "ArrowDown"), 2),
    "RadioButtons": ({"options": OPTIONS}, press("ArrowDown"), 1),
    "ToggleButtons": ({"options": OPTIONS}, press("ArrowRight", "ArrowRight"), 2),
    "Checkbox": ({"value": False}, press("Space"), True),
    "ToggleButton": ({"value": False}, press("Enter"), True),
    "FloatText": ({"value": 0.5}, type_text("-2.5e3"), -2500),
    "BoundedFloatText": ({"value": 0.5, "max": 1}, type_text("0.123456"), 0.123456),
    "IntText": ({"value": 3}, type_text("−40"), -40),
    "BoundedIntText": ({"value": 3, "max": 9}, type_text(" 9 "), 9),
    "Text": ({"value": "x"}, type_text("x**2"), "x**2"),
}


@pytest.mark.parametrize("kind", BY_KEYBOARD)
def test_each_control_is_labelled_named_and_works_by_keyboard(show, kind):
    settings, act, expected = BY_KEYBOARD[kind]
    control = getattr(w, kind)(description="My control", **settings)
    page = show(joined(control))
    assert probed(page)[0] == getattr(control, trait_of(control))
    named = page.get_by_label("My control", exact=True)
    if kind == "ToggleButton":
        named = page.get_by_role("button", name="My control", exact=True)
    assert named.count() == 1
    act(page)
    assert probed(page)[0] == pytest.approx(expected)


def test_the_table_above_and_the_tests_below_cover_every_kind():
    below = "Any Label HTML HTMLMath Button Play Box HBox VBox GridBox".split()
    assert {*KINDS} == {f"{kind}Model" for kind in [*BY_KEYBOARD, *below]}


def test_a_logarithmic_slider_gives_numbers_without_noise(show):
    page = show(joined(w.FloatLogSlider(0.1, min=-3, max=0.477121254720)))  # ends at 3 + 2e-12
    for key, expected in [("End", 3), ("ArrowLeft", 1.99526231497), ("Home", 0.001)]:
        page.locator("[name=rate]").press(key)
        assert probed(page)[0] == expected


def test_the_last_step_of_a_slider_may_be_shorter(show):
    page = show(joined(w.FloatSlider(0, min=0, max=1, step=0.3)))
    for key, expected in [("PageUp", 1), ("ArrowLeft", 0.6), *[("ArrowRight", 1)] * 2]:
        page.locator("[name=rate]").press(key)
        assert probed(page)[0] == pytest.approx(expected)


def test_the_ends_and_pages_of_a_slider_are_keys(show):
    slider = w.FloatSlider(0, min=-1, max=1.05, step=0.01)
    page = show(joined(slider))
    for key, expected in [("End", 1.05), ("Home", -1), ("PageUp", -0.9), ("PageDown", -1)]:
        page.locator("[name=rate]").press(key)
        assert probed(page)[0] == expected


def test_an_author_s_value_off_the_slider_s_grid_stays_exact(show):
    page = show(joined(w.FloatLogSlider(0.06, min=-3, max=0, step=0.1, description="rate")))
    assert probed(page)[0] == 0.06
    assert page.locator(".page-host-number").input_value() == "0.06"
    page.locator("[name=rate]").focus()
    page.locator(".page-host-number").focus()
    page.keyboard.press("Tab")
    assert probed(page)[0] == 0.06


def test_a_log_slider_holds_the_power_that_its_position_says(show):
    page = show(joined(w.FloatLogSlider(1, base=2, min=-4, max=4, step=0.5)))
    range_ = page.locator("[name=rate]")
    assert range_.get_attribute("min") == "-4"
    range_.fill("-2.5")
    assert probed(page)[0] == float(f"{2**-2.5:.12g}")
    assert range_.get_attribute("aria-valuetext") == "0.1768"


@pytest.mark.parametrize(
    ("value", "readout", "shown"),
    [(0.123456, ".3g", "0.1235"), (1234.5678, ".2f", "1235"), (0.5, ".2f", "0.5"),
     (1.5e-7, ".3g", "1.5e-7"), (12.345678, ".4f", "12.3457"), (-0.1, ".2f", "-0.1"),
     (1.23456789, ".6g", "1.23457"), (20.0, ".2f", "20")],
)  # fmt: skip
def test_numbers_are_short_unless_the_author_asks_for_more(show, value, readout, shown):
    slider = w.FloatSlider(value, min=-10, max=10000, step=1e-8, readout_format=readout)
    page = show(joined(slider))
    assert page.locator(".page-host-number").input_value() == shown
    assert float(page.locator(".page-host-number").get_attribute("title")) == value


def test_an_exact_value_can_be_typed_beside_a_slider(show):
    page = show(figure())
    box = page.get_by_label("learning rate, exact value")
    box.fill("0.0123456")
    box.press("Enter")
    assert probed(page)[0] == 0.0123456
    assert box.input_value() == "0.01235"
    assert page.get_by_label("learning rate", exact=True).get_attribute("name") == "rate"
    assert box.get_attribute("name") is None


@pytest.mark.parametrize("limit", ["0.003162", "0.631"])
def test_a_limit_may_be_typed_as_the_message_shows_it(show, limit):
    page = show(joined(w.FloatLogSlider(0.01, min=-2.5, max=-0.2)))
    page.locator(".page-host-number").fill(limit)
    page.locator(".page-host-number").press("Enter")
    assert probed(page)[0] == float(limit)


@pytest.mark.parametrize(
    ("control", "typed", "allowed"),
    [
        (w.FloatSlider, "7", "a number from -1 to 1"),
        (w.FloatSlider, "abc", "a number from -1 to 1"),
        (w.FloatSlider, "0,5", "a number from -1 to 1"),
        (w.FloatSlider, "", "a number from -1 to 1"),
        (w.FloatSlider, "Infinity", "a number from -1 to 1"),
        (w.IntSlider, "0.5", "a whole number from -1 to 1"),
        (w.BoundedIntText, "-2", "a whole number from -1 to 1"),
        (w.FloatText, "1e999", "a number"),
        (w.IntText, "1.5", "a whole number"),
    ],
)
def test_a_wrong_value_is_named_and_the_last_good_one_stays(show, control, typed, allowed):
    limits = {"min": -1, "max": 1} if hasattr(control, "max") else {}
    page = show(joined(control(value=1, description="step size", **limits)))
    box = page.locator(".page-host-number")
    box.fill(typed)
    box.blur() if typed else box.press("Enter")
    message = page.get_by_role("alert")
    assert message.inner_text() == f"step size: “{typed}” is not allowed. Type {allowed}."
    assert probed(page)[0] == 1
    assert box.input_value() == "1"
    assert box.get_attribute("aria-describedby") == message.get_attribute("id")
    box.fill("0")
    box.press("Enter")
    assert probed(page)[0] == 0
    assert message.inner_text() == ""


def test_a_slider_over_chosen_values_takes_those_and_no_others(show):
    page = show(joined(w.SelectionSlider(options=["0.001", "0.01", "0.1"], description="rate")))
    box = page.locator(".page-host-number")
    for typed, expected in [("1e-1", 2), ("0.05", 2)]:
        box.fill(typed)
        box.press("Enter")
        assert probed(page)[0] == expected
    assert page.get_by_role("alert").inner_text() == (
        "rate: “0.05” is not allowed. Type one of 0.001, 0.01, 0.1."
    )


def test_a_slider_waits_for_the_end_of_a_drag_where_the_author_says_so(show):
    page = show(joined(w.FloatSlider(0, max=10, step=1, continuous_update=False)))
    page.evaluate("""() => {
        const range = document.querySelector("[name=rate]");
        range.value = 4;
        range.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    assert probed(page)[0] == 0
    page.evaluate('document.querySelector("[name=rate]").dispatchEvent(new Event("change"))')
    assert probed(page)[0] == 4


def test_links_lead_both_ways_and_jsdlink_one_way(show):
    one, two, three = (w.IntSlider(value, description=str(value)) for value in (1, 2, 3))
    probe = Probe()
    links = [w.jslink((one, "value"), (probe, "rate")), w.jsdlink((one, "value"), (two, "value")),
             w.jslink((two, "value"), (three, "value"))]  # fmt: skip
    page = show(w.VBox([one, two, three, probe]))
    ranges = page.locator("input[type=range]")

    def values():
        return [ranges.nth(i).input_value() for i in range(3)]

    assert values() == ["1", "1", "1"] and len(links) == 3  # the source's value wins at first
    page.evaluate('document.querySelector(".probe").write({ rate: 7 })')
    assert values() == ["7", "7", "7"]
    ranges.nth(2).press("ArrowRight")
    assert values() == ["7", "8", "8"] and probed(page)[0] == 7


def test_linked_models_with_equal_arrays_do_not_chase_each_other(show):
    copies = """export default { render({ model, el }) {
      model.on("change:xs", () => { model.set("xs", [...model.get("xs")]); });
      el.onclick = () => { model.set("xs", [3, 4]); };
      model.on("change:xs", () => { el.textContent += JSON.stringify(model.get("xs")); });
    } };"""
    pair = [module(copies, xs=traitlets.List([1, 2]).tag(sync=True)) for _ in range(2)]
    link = w.jslink((pair[0], "xs"), (pair[1], "xs"))
    page = show(w.VBox([*pair, Probe()]))
    page.locator(".page-host-anywidget").first.dispatch_event("click")
    assert link.source[0] is pair[0]
    assert page.locator(".page-host-anywidget").all_inner_texts()[:2] == ["[3,4]"] * 2


def test_a_control_is_named_after_what_it_drives_only(show):
    probe, slider, free, shown = Probe(), w.FloatSlider(), w.FloatSlider(), w.FloatSlider()
    links = [
        w.jslink((slider, "value"), (probe, "rate")),
        w.jslink((free, "max"), (probe, "start")),
        w.jsdlink((probe, "rate"), (shown, "value")),
    ]
    page = show(w.VBox([slider, free, shown, probe]))
    names = page.eval_on_selector_all("input[type=range]", "all => all.map(each => each.name)")
    assert names == ["rate", "", ""] and len(links) == 3


def test_two_instances_are_independent(show):
    page = show(figure("first"), figure("second"))
    page.get_by_label("learning rate", exact=True).nth(1).press("End")
    assert [probed(page, i)[0] for i in range(2)] == [0.06, 1]
    radio = [joined(w.RadioButtons(options=OPTIONS, description=n), name=n) for n in ("a", "b")]
    page = show(*radio)
    page.get_by_role("radiogroup", name="b").get_by_label("adam").check()
    assert [probed(page, i)[0] for i in range(2)] == [0, 2]
    assert page.get_by_role("radiogroup", name="a").get_by_label("plain").is_checked()


def test_a_changed_model_shows_in_every_control(show):
    sliders = [w.FloatSlider(description="one"), w.BoundedFloatText(description="two", max=100)]
    probe = Probe()
    links = [w.jslink((each, "value"), (probe, "rate")) for each in sliders]
    links.append(w.jslink((sliders[0], "disabled"), (probe, "start")))
    page = show(w.VBox([*sliders, probe]))
    page.evaluate('document.querySelector(".probe").write({ rate: 12.5, start: true })')
    assert page.locator("input[type=range]").input_value() == "12.5"
    assert [each.input_value() for each in page.locator(".page-host-number").all()] == ["12.5"] * 2
    assert page.locator("input[type=range]").is_disabled()


def test_play_runs_pauses_repeats_and_rewinds(show):
    play = w.Play(min=0, max=3, interval=30, show_repeat=True, description="run")
    page = show(joined(play))
    page.evaluate("""() => {  // all values in their order: a page that waits would miss some
        window.seen = "";
        const probe = document.querySelector(".probe output");
        new MutationObserver(() => { window.seen += probe.value[1]; })
            .observe(probe, { childList: true });
    }""")
    group = page.get_by_role("group", name="run")
    group.get_by_role("button", name="Play").press("Enter")
    page.wait_for_function("window.seen === '123'")
    group.get_by_role("button", name="Play").wait_for()  # it stopped at the end by itself
    group.get_by_role("button", name="Play").press("Enter")
    page.wait_for_function("window.seen === '1230123'")
    group.get_by_role("button", name="Play").wait_for()
    group.get_by_role("button", name="Repeat").press("Space")
    assert group.get_by_role("button", name="Repeat").get_attribute("aria-pressed") == "true"
    group.get_by_role("button", name="Play").press("Enter")
    page.wait_for_function("window.seen.startsWith('123012301230')")
    group.get_by_role("button", name="Pause").press("Enter")
    group.get_by_role("button", name="Stop and rewind").press("Enter")
    page.wait_for_function("window.seen.endsWith('0')")
    seen = page.evaluate("window.seen")
    page.wait_for_timeout(200)  # several intervals
    assert page.evaluate("window.seen") == seen


def test_a_button_tells_those_who_listen_to_its_model(show):
    class Listener(anywidget.AnyWidget):
        _esm = """export default { async render({ model, el }) {
          const button = await model.widget_manager.get_model(model.get("button").slice(10));
          button.on("msg:custom", ({}, content) => { el.textContent += content.event; });
        } };"""
        button = traitlets.Instance(w.Button).tag(sync=True, **w.widget_serialization)

    button = w.Button(description="Step", tooltip="One step more")
    listener = Listener(button=button)
    listener.add_class("listener")
    page = show(w.HBox([button, listener]))
    page.get_by_role("button", name="Step").press("Enter")
    assert page.locator(".listener").inner_text() == "click"
    assert page.locator(".page-host-button").get_attribute("title") == "One step more"


def test_texts_boxes_classes_and_layout_are_shown(show):
    texts = [
        w.Label("a <b>b</b>"),
        w.HTML("<b>bold</b>", description="Note"),
        w.HTMLMath("<i>x</i>"),
    ]
    texts[0].layout.width = "50%"
    texts[1].add_class("mine")
    grid = w.GridBox(texts[2:], layout=w.Layout(grid_template_columns="1fr 1fr"))
    page = show(w.VBox([w.HBox(texts[:2]), grid, w.Box([])]))
    assert page.get_by_text("a <b>b</b>", exact=True).is_visible()
    assert page.locator(".page-host-html.mine b").inner_text() == "bold"
    assert page.locator(".page-host-label").evaluate("el => el.style.width") == "50%"
    assert page.locator(".page-host-gridbox i").inner_text() == "x"
    grid_style = "el => getComputedStyle(el).gridTemplateColumns.split(' ').length"
    assert page.locator(".page-host-gridbox").evaluate(grid_style) == 2


def test_a_disabled_control_does_nothing(show):
    page = show(joined(w.FloatSlider(0.5, disabled=True)))
    assert page.locator("[name=rate]").is_disabled()
    assert page.locator(".page-host-number").is_disabled()


def module(text: str, **traits: traitlets.TraitType) -> w.Widget:
    kind = type("Module", (anywidget.AnyWidget,), {"_esm": text, **traits})
    return kind()


def test_initialize_runs_once_for_a_model_that_is_shown_twice(show):
    widget = module("""let made = 0; export default () => ({
      initialize({ model }) { made += 1; model.set("count", made); },
      render({ model, el }) { el.textContent = `count ${model.get("count")}`; },
    });""", count=traitlets.Int(0).tag(sync=True))  # fmt: skip
    page = show(w.HBox([widget, widget]))
    assert page.locator(".page-host-anywidget").all_inner_texts() == ["count 1", "count 1"]


def test_a_module_s_text_is_imported_and_its_style_inserted_once(show):
    page = show(figure("a"), figure("b"))
    assert page.eval_on_selector_all("head style", "all => all.length") == 1
    style = page.locator(".probe output").first.evaluate("el => getComputedStyle(el).fontStyle")
    assert style == "italic"
    shared = "window.runs = (window.runs ?? 0) + 1; export default { render() {} };"
    page = show(w.HBox([module(shared), module(shared)]))
    assert page.evaluate("window.runs") == 1


def test_off_takes_off_a_view_s_own_listeners_only(show):
    page = show(
        module("""export default { render({ model, el }) {
      const heard = [];
      const hear = (name) => () => heard.push(name);
      const [a, b, c] = ["a", "b", "c"].map(hear);
      model.on("change:x", a); model.on("change:x", b); model.on("change:y", c);
      model.set("x", 1); model.set("x", 1); model.off("change:x", a);
      model.set("x", 2); model.off("change:x"); model.set("x", 3); model.set("y", 4);
      model.off(); model.set({ x: 5, y: 6 });
      el.textContent = heard.join();
    } };""")
    )
    assert page.locator(".page-host-anywidget").inner_text() == "a,b,b,c"


def test_clean_ups_run_when_the_page_is_left(show):
    page = show(figure())
    page.evaluate("""() => addEventListener("pagehide", () => {
        sessionStorage.cleaned = window.cleaned;
    })""")
    page.evaluate('dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))')
    assert page.evaluate("window.cleaned") is None  # the page may come back as it is
    page.evaluate('dispatchEvent(new PageTransitionEvent("pagehide"))')
    assert page.evaluate("window.cleaned") == 1


@pytest.mark.parametrize(
    "text", ["export default { render() { throw new Error('no') } };", "syntax error",
             "export default { async render() { throw new Error('no') } };"]
)  # fmt: skip
def test_the_picture_stays_where_a_module_fails(write, visit, text):
    page = visit(write(w.VBox([Probe(), module(text)]), figure()), expect_errors=True)
    broken = page.locator(".page-host").first
    message = broken.get_by_role("status")
    message.wait_for()
    assert message.inner_text() == "The interactive figure could not start; this is its picture."
    assert broken.get_by_role("img", name="A curve that rises.").is_visible()
    assert broken.locator(".page-host-live").count() == 0
    assert probed(page)[0] == 0.06  # and the rest of the page lives


def until(condition: str) -> str:
    """JavaScript that waits, within a module, until something holds in the page."""
    return f"while (!({condition})) await new Promise(requestAnimationFrame);"


def test_what_had_started_beside_a_module_that_fails_is_cleaned_up(write, visit):
    fails = f"export default {{ async render() {{ {until('window.drawn')} throw Error('no'); }} }}"
    page = visit(write(w.VBox([Probe(), module(fails)])), expect_errors=True, ready=False)
    page.get_by_role("status").wait_for()
    assert page.evaluate("window.cleaned") == 1


def test_what_starts_after_a_module_has_failed_is_not_drawn(write, visit):
    late = f"""export default {{
      async initialize() {{
        {until("document.querySelector('[role=status]')")}
        return () => {{ window.cleaned = true; }};
      }},
      render() {{ window.drawn = true; }},
    }}"""
    fails = "export default { render() { throw Error('no'); } }"
    page = visit(write(w.VBox([module(late), module(fails)])), expect_errors=True, ready=False)
    page.wait_for_function("window.cleaned")
    assert page.evaluate("window.drawn") is None


def test_the_live_view_takes_the_picture_s_place(show):
    page = show(figure())
    assert not page.get_by_role("img", name="A curve that rises.").is_visible()
    assert not page.locator(".page-host-plain").is_visible()
    assert page.locator(".page-host-live").is_visible()


def test_without_scripts_the_picture_and_its_text_are_there(show):
    page = show(figure(), java_script_enabled=False, ready=False)
    assert page.get_by_role("img", name="A curve that rises.").is_visible()
    assert page.locator(".page-host-plain").is_visible()


def test_a_state_as_the_notebook_stored_it_works_too(write, visit):
    page = visit(write(figure(), reduced=False))
    page.get_by_label("start", exact=True).press("Home")
    assert probed(page)[1] == -10


def test_binary_traits_arrive_as_bytes(show):
    widget = module(
        """export default { render({ model, el }) {
          el.textContent = model.get("data").getUint8(1);
        } };""",
        data=traitlets.Bytes(b"\x05\x07").tag(sync=True),
    )
    assert show(widget).locator(".page-host-anywidget").inner_text() == "7"


# ---- The state in the address


def test_a_change_is_written_into_the_address_and_taken_back(show):
    page = show(figure("ripple"))
    assert fragment(page) == ""
    page.get_by_label("start, exact value").fill("-4.25")
    page.get_by_label("start, exact value").press("Enter")
    assert fragment(page) == "#ripple?start=-4.25"
    page.get_by_label("method").select_option("with momentum")
    assert fragment(page) == "#ripple?start=-4.25&choice=with%20momentum"
    page.get_by_label("method").select_option("plain")
    page.get_by_label("start, exact value").fill("-5")
    page.get_by_label("start, exact value").press("Enter")
    assert fragment(page) == ""
    assert page.evaluate("history.length") <= 2  # no entry for each move


def test_an_address_reopens_the_exact_state(write, visit):
    path = write(figure("first"), figure("ripple"), before=TALL, after=TALL)
    page = visit(path)
    page.get_by_label("learning rate", exact=True).nth(1).press("PageUp")
    page.get_by_label("method").nth(1).select_option("adam")
    page.wait_for_function("location.hash.includes('choice')")
    state, address = probed(page, 1), page.url
    again = visit(address)
    assert probed(again, 1) == state and state[2] == 2
    assert probed(again, 0) == [0.06, -5, 0]
    assert again.evaluate("location.href") == address
    again.wait_for_function("window.scrollY > 2000")
    top = again.locator(".page-host").nth(1).evaluate("el => el.getBoundingClientRect().top")
    assert 0 <= top < 300


def test_a_new_fragment_sets_the_state_and_what_it_leaves_out_is_the_author_s(write, visit):
    path = write(figure("ripple"))
    page = visit(f"{path.as_uri()}#ripple?rate=0.5&choice=adam")
    assert probed(page) == [0.5, -5, 2]
    page.evaluate("location.hash = '#ripple?start=3'")
    page.wait_for_function("document.querySelector('.probe output').value.includes(',3,')")
    assert probed(page) == [0.06, 3, 0]


@pytest.mark.parametrize(
    "bad",
    ["rate=7", "rate=abc", "rate=", "rate=NaN", "start=-11", "choice=none", "other=1", "rate=%",
     "%%%", "&&=&"],
)  # fmt: skip
def test_bad_values_in_an_address_are_ignored(write, visit, bad):
    page = visit(f"{write(figure('ripple')).as_uri()}#ripple?{bad}")
    assert probed(page) == [0.06, -5, 0]
    assert page.get_by_role("alert").all_inner_texts() == ["", ""]


def test_an_address_opens_the_fold_that_its_figure_is_in(write, visit):
    path = write(figure("ripple"))
    folded = path.read_text().replace("<main>", "<main><details><summary>Solution</summary>")
    path.write_text(folded.replace("</main>", "</details></main>"))
    assert not visit(path).locator(".page-host").is_visible()
    assert visit(f"{path.as_uri()}#ripple?start=3").locator(".page-host").is_visible()


def test_ordinary_anchors_keep_working(write, visit):
    end = '<h2 id="end">End</h2><a href="#end">to the end</a>'
    path = write(figure("ripple"), after=TALL + end + TALL)
    for anchor in ("#end", "#100%", "#?", "#nothing?x=1"):
        page = visit(f"{path.as_uri()}{anchor}")
        assert fragment(page) == anchor
        assert (page.evaluate("scrollY") > 2000) == (anchor == "#end")
    page.get_by_text("to the end").click()
    assert page.evaluate("location.hash") == "#end"
    assert probed(page) == [0.06, -5, 0]


def test_two_figures_of_one_name_have_addresses_of_their_own(show):
    page = show(figure("ripple"), figure("ripple"))
    page.get_by_label("start", exact=True).nth(1).press("Home")
    assert fragment(page) == "#ripple-2?start=-10"


def test_it_works_from_a_web_server_too(write, visit):
    path = write(figure("ripple"))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=path.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = visit(f"http://127.0.0.1:{server.server_port}/page.html#ripple?start=3")
        page.get_by_label("learning rate", exact=True).press("End")
        assert probed(page) == [1, 3, 0]
        assert fragment(page) == "#ripple?rate=1&start=3"
        server.shutdown()


# ---- Looks and access


def everything() -> w.VBox:
    """Every kind of control at once, each with a caption and without."""
    controls = [
        getattr(w, kind)(**settings, **caption)
        for kind, (settings, _, _) in BY_KEYBOARD.items()
        for caption in ({"description": kind}, {})
    ]
    rest = [w.Button(description="Step"), w.Play(), w.Label("text"), w.HTML("text"), Probe()]
    return w.VBox([w.HBox(controls[:8]), *controls[8:], w.HBox(rest)])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(show, axe_source, theme):
    page = show(everything())
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.add_style_tag(content="html[data-theme=dark] { background: #121212; color: #ddd }")
    page.evaluate(axe_source)
    found = page.evaluate("axe.run({ preload: false }).then((results) => results.violations)")
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


def test_controls_fit_a_telephone_and_a_finger(show):
    page = show(everything(), viewport={"width": 390, "height": 800}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = page.evaluate("""() => [...document.querySelectorAll("input, select, button")]
        .map((el) => (el.closest(".page-host-options label") ?? el))
        .map((el) => [el.outerHTML, el.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 20 || height < 20)""")
    assert small == []
    thumb = page.locator("input[type=range]").first
    box = thumb.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] - 13, box["y"] + box["height"] / 2)
    assert thumb.evaluate("el => el.value === el.max")


def test_a_caption_that_looks_like_markup_is_text(show):
    page = show(joined(w.FloatSlider(description="<b>η</b> & <i>")))
    assert page.get_by_label("<b>η</b> & <i>", exact=True).count() == 1
    assert html.unescape(page.locator("label").first.inner_html()) == "<b>η</b> & <i>"
