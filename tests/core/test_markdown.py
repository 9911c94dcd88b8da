"""Markdown that people write is safe HTML, under the page's own title."""

import pytest

from maillage.core.markdown import render


def test_titles_begin_under_the_page_own():
    assert render("# Un\n\n## Deux") == "<h2>Un</h2>\n<h3>Deux</h3>\n"
    assert render("### Un\n\n#### Deux", top=3) == "<h3>Un</h3>\n<h4>Deux</h4>\n"
    assert render("") == ""


def test_lists_links_and_tables():
    html = render("1. un\n2. deux\n\n[ici](https://exemple.test) **fort**\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    for piece in (
        "<ol>",
        '<a href="https://exemple.test" rel="noopener nofollow">ici</a>',
        "<strong>fort</strong>",
        "<td>1</td>",
    ):
        assert piece in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](https://exemple.test/suivi.png)",
        '<a href="#" onclick="x()">y</a>', "[x](data:text/html;base64,PHNjcmlwdD4=)", "<style>p{}</style>",
        '<iframe src="https://exemple.test"></iframe>', "[x](vbscript:x)",
    ],
)  # fmt: skip
def test_nothing_runs_and_nothing_is_fetched(text):
    html = render(text)
    for piece in (
        "<script",
        'href="javascript',
        "<img",
        '<a href="#" onclick',
        'href="data',
        "<style",
        "<iframe",
        'href="vbscript',
    ):
        assert piece not in html


def test_a_very_long_text_takes_no_time():
    assert len(render("[" * 50_000)) < 400_000
