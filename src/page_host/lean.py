"""Scripts and style sheets without what only their authors read."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Error, Text

CSS = re.compile(
    r"""(?P<comment>/\*.*?\*/) | (?P<space>\s+)
    | (?P<code>"(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | url\([^"')]*\) | .)""",
    re.DOTALL | re.VERBOSE,
)


@cache
def lean(text: str, language: str) -> str:
    r"""Drop comments, empty lines and indentation; the meaning stays the same.

    Strings and templates stay as they are, a line's end stays where there was one, since it may
    end a statement, and so do comments that state a licence (``/*!`` or ``@license``). A script
    that the lexer cannot read comes back unchanged.

    Args:
        text: a script or a style sheet.
        language: ``"js"`` or ``"css"``.

    >>> lean("let two = one + // one more\n  one;\n", "js")
    'let two = one +\none;\n'
    """
    tokens = list({"js": _script, "css": _style}[language](text))
    if any(kind == "error" for kind, _ in tokens):
        return text
    runs = groupby(tokens, lambda token: token[0] == "code")
    return "".join(_joined(run) if code else _shorter([*run]) for code, run in runs).lstrip()


def _script(text: str) -> Iterator[tuple[str, str]]:
    for kind, piece in JavascriptLexer(stripnl=False, ensurenl=False).get_tokens(text):
        if kind in Comment:
            yield "comment", piece
        elif kind in Text and piece.isspace():
            yield "space", piece
        else:
            yield "error" if kind in Error else "code", piece


def _style(text: str) -> Iterator[tuple[str, str]]:
    return ((token.lastgroup, token[0]) for token in CSS.finditer(text))


def _joined(run) -> str:
    return "".join(piece for _, piece in run)


def _shorter(gap: list[tuple[str, str]]) -> str:
    """What is left of the comments and the space between two pieces of code."""
    comments = [piece for kind, piece in gap if kind == "comment"]
    licence = any(piece.startswith("/*!") or "@license" in piece for piece in comments)
    whole = _joined(gap)
    if licence or len(comments) == len(gap):
        return whole
    return "\n" if "\n" in whole else " "
