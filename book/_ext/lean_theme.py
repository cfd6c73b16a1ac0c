"""The theme without its ballast: own fonts, the icons in use, no script that no page needs.

As it comes, the theme loads FontAwesome twice, 1.5 MB of script and 150 kB of font, for some
thirty icons. The built site keeps a font of just those icons and the style rules that name them.
The text's fonts come from npm packages, fetched at set-up; a browser loads the parts it needs.
"""

import re
import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

FONTS = Path(sys.prefix) / "npm" / "node_modules" / "@fontsource-variable"
FONT_STYLES = [
    "source-serif-4/wght.css",
    "source-serif-4/wght-italic.css",
    "source-sans-3/wght.css",
    "source-sans-3/wght-italic.css",
    "source-code-pro/wght.css",
]
ALPHABETS = ["latin", "latin-ext", "greek"]
FONT_FACE = re.compile(r"@font-face\s*{[^}]*url\(\./files/([\w-]+\.woff2)\)[^}]*}")

ICON_FONTS = {"solid": ("Free", 900), "regular": ("Free", 400), "brands": ("Brands", 400)}
ICON_FACE = re.compile(r"@font-face{[^}]*Font Awesome[^}]*}")
ICON_RULE = re.compile(r'(?:\.fa-[\w-]+:{1,2}before,?)+{content:"[^"]*"}')
ICON_CODE = re.compile(r"[\ue000-\uf8ff]|\\(e[0-9a-f]{3}|f[0-9a-f]{3})(?![0-9a-f])")
ICON_NAME = re.compile(r"\bfa-[a-z0-9-]+")

BALLAST = [
    "locales",
    "scripts/*.map",
    "scripts/fontawesome.*",
    "styles/*.map",
    "vendor",
    "webpack-macros.html",
    "sbt-webpack-macros.html",
]


def write_fonts(static: Path) -> None:
    """Copy the text's fonts, and write the style sheet that names them."""
    folder = static / "fonts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rules = []
    for name in FONT_STYLES:
        style = FONTS / name
        for face in FONT_FACE.finditer(style.read_text("utf8")):
            if any(f"-{alphabet}-wght-" in face[1] for alphabet in ALPHABETS):
                shutil.copyfile(style.parent / "files" / face[1], folder / face[1])
                rules.append(face[0].replace("./files/", ""))
    (folder / "fonts.css").write_text("\n".join(rules), "utf8")


def write_icons(site: Path) -> None:
    """Cut the theme's icon fonts, and its style rules for icons, down to what is used."""
    static = site / "_static"
    theme = static / "styles" / "pydata-sphinx-theme.css"
    style = theme.read_text("utf8")
    named = {
        name for page in site.glob("*.html") for name in ICON_NAME.findall(page.read_text("utf8"))
    }

    def keep_used(rule: re.Match) -> str:
        return rule[0] if named & set(ICON_NAME.findall(rule[0])) else ""

    style = ICON_RULE.sub(keep_used, style)
    others = (sheet.read_text("utf8") for sheet in static.rglob("*.css") if sheet != theme)
    codes = {
        int(found[1], 16) if found[1] else ord(found[0])
        for sheet in [style, *others]
        for found in ICON_CODE.finditer(sheet)
    }
    faces = [icon_face(static, name, codes) for name in ICON_FONTS]
    theme.write_text("".join(faces) + ICON_FACE.sub("", style), "utf8")


def icon_face(static: Path, name: str, codes: set[int]) -> str:
    """Write one icon font with these characters, and return its style rule."""
    source = next((static / "vendor" / "fontawesome" / "webfonts").glob(f"fa-{name}-*.ttf"))
    font = TTFont(source, recalcTimestamp=False)
    wanted = codes & set(font.getBestCmap())
    if not wanted:
        return ""
    options = subset.Options(
        flavor="woff", layout_features=[], name_IDs=[0, 13, 14], notdef_glyph=True
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.flavor = "woff"
    font.save(static / "fonts" / f"icons-{name}.woff")
    family, weight = ICON_FONTS[name]
    return (
        f'@font-face{{font-family:"Font Awesome 6 {family}";font-weight:{weight};'
        f'font-display:block;src:url(../fonts/icons-{name}.woff) format("woff")}}'
    )


def slim(app, exception) -> None:
    """Put the fonts in and take the ballast out, when the pages are written."""
    if exception is not None or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    write_fonts(static)
    write_icons(Path(app.outdir))
    for pattern in BALLAST:
        for path in static.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def start(app) -> None:
    """Check that the fonts are there before pages are written for them."""
    if not FONTS.exists():
        raise ExtensionError("the fonts are not installed; run `make environment`")
    app.add_css_file("fonts/fonts.css", priority=150)


def setup(app) -> dict:
    """Register with Sphinx."""
    app.connect("builder-inited", start)
    app.connect("build-finished", slim)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
