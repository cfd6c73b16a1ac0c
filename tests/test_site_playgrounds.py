"""Every control of every playground of the built book: the page shows what Python computes."""

import pytest

from tools.site import figures


@pytest.fixture(scope="module", params=figures(), ids=str)
def figure(request):
    """Each playground of the book."""
    return request.param


def test_a_playground_opens_at_its_author_s_settings(live):
    assert live.root.get_attribute("data-scene")
    assert live.root.evaluate("root => root.checkVisibility()")
    live.assert_agrees_with_python()


def test_each_control_moves_the_picture_and_the_numbers_stay_python_s(live):
    at_first = live.state()
    every = [control["name"] for control in live.all_controls()]
    assert "learning_rate" in every
    for name in every:
        if name not in live.values():
            live.reveal(name)
        pictures = {str(live.values()[name]): live.picture()}
        for value in live.ends(name):
            pictures[value] = live.picture()
            live.assert_agrees_with_python()
        assert len(pictures) >= 2, f"{name} has one value only"
        assert len({str(each) for each in pictures.values()}) == len(pictures), (
            f"{name} moves and the picture stays: {pictures}"
        )
        live.reset()
        assert live.state() == at_first


@pytest.mark.parametrize("key", ["Home", "End"])
def test_all_sliders_at_one_end_together_give_python_s_numbers(live, key):
    for control in live.controls():
        if control["kind"] == "range":
            live.control(control["name"]).press(key)
    live.settle()
    live.assert_agrees_with_python()


def test_a_figure_is_drawn_in_the_colours_of_light_and_of_dark_pages(live):
    pictures = []
    for theme in ("light", "dark"):
        live.page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        live.settle(frames=3)
        contrasts = live.contrasts()
        assert min(contrasts["ink"], contrasts["muted"]) >= 4.5, f"{theme}: {contrasts}"
        assert min(contrasts.values()) >= 3, f"{theme}: {contrasts}"
        pictures.append(live.picture())
    assert len({str(picture) for picture in pictures}) == 2
    live.page.evaluate("document.documentElement.dataset.theme = 'light'")
