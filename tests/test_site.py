"""The files of the built book, beside what the browser's tests see of them."""

import re

LOADS = re.compile(r"""(?:\ssrc=|url\(|@import\s+)["']?(?:https?:)?//""")


def test_no_file_of_the_site_loads_from_another_machine(site):
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css"}]
    assert [path.name for path in files if LOADS.search(path.read_text("utf8"))] == []


def test_the_site_holds_none_of_the_theme_s_ballast(site):
    names = {path.name for path in site.rglob("*")}
    assert not {"fontawesome.js", "locales", "vendor", "require.js", "thebe.js"} & names
    assert not [name for name in names if name.endswith(".map")]
