"""The stylesheet stays plain, and templates stay free of what the content security policy refuses.

Chromium 69 is the reference for old phones: it drops a whole sheet for ``@layer`` and a whole rule for one
unknown selector in a list. Words never live in a stylesheet: they could not be translated.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent.parent / "src" / "maillage"
SHEETS = sorted(path for path in SOURCE.glob("*/static/**/*.css") if "vendor" not in path.parts)
TEMPLATES = sorted([*SOURCE.glob("**/templates/**/*.html"), *SOURCE.glob("**/templatetags/*.py")])
MAIL = re.compile(r"/(mail|email|emails|courriels)/")


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", lambda found: "\n" * found.group().count("\n"), text, flags=re.DOTALL)


CONDITIONAL = ("@media", "@supports", "@container")


def troubles_of_sheet(text: str) -> list[str]:
    """What the sheet holds that it must not, in words, with the line."""
    text = without_comments(text)
    found = _nesting(text)
    for pattern, words in (
        (r"@layer\b", "@layer makes old engines drop the sheet"),
        (r"@import\b", "@import delays the page"),
        (r"\((?:width|height|inline-size|block-size)\s*[<>=]", "a range media query; write (min-width: …)"),
        (r"\blight-dark\(", "light-dark() leaves old phones without colour"),
        (r"\bcolor-mix\(", "color-mix() is unknown to old phones"),
        (r"(?<![-\w(])inset\s*:", "inset; write top, right, bottom and left"),
        (r"(?<![-\w])(?:margin|padding|inset)-(?:inline|block)\s*:", "a logical shorthand; write left and right"),
        (r"expression\(|javascript:|url\(\s*['\"]?https?:", "an address or a script"),
    ):
        for match in re.finditer(pattern, text):
            found.append(f"line {_line(text, match.start())}: {words}")
    for match in re.finditer(r"(?<![-\w])content\s*:\s*([^;}]*)", text):
        written = "".join(re.findall(r"[\"']([^\"']*)[\"']", re.sub(r"(?:attr|counter)\([^)]*\)", "", match.group(1))))
        if re.search(r"[^\W\d_]", written):
            found.append(f"line {_line(text, match.start())}: words in content: {written!r}")
    for match in re.finditer(
        r"[^{}]*,[^{}]*:(?:has|is|where)\([^{}]*\{|[^{}]*:(?:has|is|where)\([^{}]*,[^{}]*\{", text
    ):
        selector = match.group().strip(" {\n")
        if not _only_modern(text, match.start(), selector):
            found.append(f"line {_line(text, match.start())}: a modern selector in a list: {selector[:60]}")
    return found


def _only_modern(text: str, start: int, selector: str) -> bool:
    """Inside a block that an old engine skips anyway, a list may hold anything."""
    before = text[:start]
    opened = before.rfind("@media (forced-colors")
    return opened != -1 and before[opened:].count("{") > before[opened:].count("}")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _nesting(text: str) -> list[str]:
    """Rules inside rules; conditional blocks may hold rules."""
    found, stack, start = [], [], 0
    for position, character in enumerate(text):
        if character == "{":
            prelude = text[start:position].strip()
            if stack and not stack[-1].startswith((*CONDITIONAL, "@keyframes")):
                found.append(f"line {_line(text, position)}: nesting: {prelude[-60:]}")
            stack.append(prelude)
            start = position + 1
        elif character == "}":
            stack.pop()
            start = position + 1
        elif character == ";":
            start = position + 1
    return found


def troubles_of_template(text: str) -> list[str]:
    """Inline scripts, styles and handlers; style attributes that set anything but custom properties."""
    found = []
    for match in re.finditer(r"<script\b(?![^>]*\bsrc=)[^>]*>", text):
        if 'type="application/json"' not in match.group():
            found.append(f"line {_line(text, match.start())}: inline script")
    for match in re.finditer(r"<style\b", text):
        found.append(f"line {_line(text, match.start())}: inline style sheet")
    for match in re.finditer(r"<[a-z][^<>]*\s(on[a-z]+)=", text):
        found.append(f"line {_line(text, match.start())}: handler {match.group(1)}")
    for match in re.finditer(r"\sstyle=\"([^\"]*)\"", text):
        bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{\}", "0", match.group(1))
        for declaration in filter(None, (part.strip() for part in bare.split(";"))):
            if not re.match(r"--[\w-]+\s*:|0$", declaration):
                found.append(f"line {_line(text, match.start())}: style sets {declaration!r}")
    return found


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_sheets_are_plain(path):
    assert troubles_of_sheet(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if not MAIL.search(path.as_posix())], ids=name)
def test_templates_hold_no_inline_code(path):
    assert troubles_of_template(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "sheet",
    [
        "@layer base { a { color: red; } }",
        ".a { color: red; & b { color: blue; } }",
        ".a { .b { color: blue; } }",
        "@media (width >= 40rem) { a { color: red; } }",
        '.a::before { content: "sur 6"; }',
        '.a::before { content: counter(x) " sur 6"; }',
        ".a:has(b), .c { color: red; }",
        ".a, .b:is(c, d) { color: red; }",
        ".a { inset: 0; }",
        ".a { margin-inline: auto; }",
        ".a { color: light-dark(red, blue); }",
    ],
)
def test_the_check_refuses(sheet):
    assert troubles_of_sheet(sheet)


@pytest.mark.parametrize(
    "sheet",
    [
        "@media (min-width: 40rem) { .a { color: red; } }",
        '.a::before { content: ""; } .b::after { content: " (" attr(href) ")"; }',
        ".a:has(b) { color: red; }",
        "@supports (width: min(1px, 2px)) { :root { --a: min(1px, 2px); } }",
    ],
)
def test_the_check_accepts(sheet):
    assert troubles_of_sheet(sheet) == []


@pytest.mark.parametrize(
    "template",
    [
        "<script>1</script>",
        "<style>a{}</style>",
        '<a onclick="x()">',
        '<p style="color:red">',
        '<p style="--v:1;top:0">',
    ],
)
def test_the_check_refuses_inline_code(template):
    assert troubles_of_template(template)


@pytest.mark.parametrize(
    "template",
    [
        '<script type="module" src="a.js"></script>',
        '<p style="--v:{{ share }}%;--c:var(--brand)">',
        '<script type="application/json" id="x">{}</script>',
    ],
)
def test_the_check_accepts_what_is_safe(template):
    assert troubles_of_template(template) == []
