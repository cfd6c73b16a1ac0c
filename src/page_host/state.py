"""The widget state of a page, reduced to what the page shows and the same in each build.

A notebook stores every widget that it ever made, under random names, each anywidget with a copy
of its module. A page needs those that it displays, what they refer to and the links among them.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from page_host.lean import lean

KINDS = frozenset(
    f"{kind}Model"
    for kind in (
        "Any FloatSlider IntSlider FloatLogSlider SelectionSlider Dropdown RadioButtons "
        "ToggleButtons Checkbox ToggleButton Button Play FloatText BoundedFloatText IntText "
        "BoundedIntText Text Label HTML HTMLMath Box HBox VBox GridBox"
    ).split()
)
"""The widgets that page_host.js knows how to show."""

REFERENCE = "IPY_MODEL_"
TEXTS = {"_esm": "js", "_css": "css"}  # traits that hold a module's texts, and their languages
LINKS = ("LinkModel", "DirectionalLinkModel")
State = dict[str, dict[str, Any]]


class Reduced(NamedTuple):
    """What a page keeps: its state, its models' new names, and the texts of its modules."""

    state: State
    names: dict[str, str]
    texts: dict[str, str]


def reduce_state(state: State, roots: list[str]) -> Reduced:
    """Keep the models that `roots` lead to, renumbered in the order in which they appear.

    Args:
        state: a notebook's `state` of `application/vnd.jupyter.widget-state+json`.
        roots: ids of the models that the page displays, in its order.
    """
    order: list[str] = []
    for root in roots:
        _visit(state, root, order)
    _follow_links(state, order)
    links = [name for name, entry in state.items() if _is_link(entry) and _ends(entry) <= {*order}]
    order += sorted(links, key=lambda name: _link_key(state[name], order))
    linked = {end for name in links for end in _ends(state[name])}
    order = [name for name in order if name in linked or not _is_empty_layout(state[name])]
    names = {old: f"w{number}" for number, old in enumerate(order)}
    texts: dict[str, str] = {}
    kept = {names[old]: _reduce_entry(state[old], names, texts) for old in order}
    return Reduced(kept, names, texts)


def kinds_not_shown(state: State, names: dict[str, str]) -> list[str]:
    """Name the kinds among the kept models that the page host has no control for."""
    known = {*KINDS, *LINKS, "LayoutModel"}
    return sorted({state[name]["model_name"] for name in names} - known)


def module_script(key: str, text: str) -> str:
    """Write the classic script that hands a module's text to the page, from disk as well."""
    return f"(window.pageHost ??= {{ texts: {{}} }}).texts[{key!r}] = {json.dumps(text)};\n"


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(REFERENCE):
        yield value.removeprefix(REFERENCE)
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from _references(value[key])
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _references(item)


def _visit(state: State, name: str, order: list[str]) -> None:
    entry = state.get(name)
    if entry is None or name in order or entry["model_name"].endswith("StyleModel"):
        return
    order.append(name)
    for each in _references(entry["state"]):
        _visit(state, each, order)


def _is_link(entry: dict[str, Any]) -> bool:
    return entry["model_name"] in LINKS


def _ends(entry: dict[str, Any]) -> set[str]:
    return {entry["state"][end][0].removeprefix(REFERENCE) for end in ("source", "target")}


def _is_empty_layout(entry: dict[str, Any]) -> bool:
    values = (v for k, v in entry["state"].items() if not k.startswith("_"))
    return entry["model_name"] == "LayoutModel" and all(value is None for value in values)


def _link_key(entry: dict[str, Any], order: list[str]) -> tuple[Any, ...]:
    ends = [entry["state"][end] for end in ("source", "target")]
    places = [order.index(reference.removeprefix(REFERENCE)) for reference, _ in ends]
    return (*places, *(trait for _, trait in ends), entry["model_name"])


def _follow_links(state: State, order: list[str]) -> None:
    """Add the models that are not displayed but stand between two that are linked."""
    while True:
        open_links = []
        for entry in filter(_is_link, state.values()):
            known, unknown = _ends(entry) & {*order}, _ends(entry) - {*order}
            if known and unknown & {*state}:
                (here,), (there,) = known, unknown
                traits = [entry["state"][end][1] for end in ("source", "target")]
                plain = {k: v for k, v in state[there]["state"].items() if not [*_references(v)]}
                key = (order.index(here), traits, json.dumps(plain, sort_keys=True))
                open_links.append((key, there))
        if not open_links:
            return
        _visit(state, min(open_links)[1], order)


def _reduce_entry(
    entry: dict[str, Any], names: dict[str, str], texts: dict[str, str]
) -> dict[str, Any]:
    is_any = entry["model_name"] == "AnyModel"
    values = {}
    for key, value in sorted(entry["state"].items()):
        if key.startswith(("_model_", "_view_", "_anywidget_id")) or key in ("style", "tabbable"):
            continue
        if value is None and (not is_any or key == "tooltip"):
            continue
        if key == "layout" and not {*_references(value)} <= {*names}:
            continue
        if is_any and key in TEXTS:
            digest = hashlib.sha256(value.encode()).hexdigest()[:16]
            texts[digest] = lean(value, TEXTS[key])
            value = f"page-host:{digest}"
        values[key] = _renamed(value, names)
    kept = {"model_name": entry["model_name"], "state": values}
    return kept | ({"buffers": entry["buffers"]} if entry.get("buffers") else {})


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(value[key], names) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_renamed(item, names) for item in value]
    if isinstance(value, str) and value.startswith(REFERENCE):
        name = value.removeprefix(REFERENCE)
        return REFERENCE + names.get(name, name)
    return value
