"""Drawings: what they show is what was given, on a page and on paper, and in words."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.ui import charts, types
from maillage.ui.charts import palette, woven

TOKENS = Path(palette.__file__).resolve().parent.parent / "static" / "ui" / "css" / "tokens.css"
TYPES = ["community", "institution", "citizens", "unspecified", "social-economy"]


def small() -> charts.Picture:
    actors = {"a": "community", "b": "community", "c": "institution", "d": "citizens"}
    rows = [charts.Row("Logement", {"a", "c"}, "/l/"), charts.Row("Isolement <&>", {"a", "b", "d", "gone"})]
    return charts.picture(rows, actors)


def test_print_colours_are_those_of_the_light_theme():
    tokens = TOKENS.read_text()
    for name, value in palette.LIGHT.items():
        token = {
            "dye-0": "line-strong",
            "surface": "surface-raised",
            "sunken": "surface-sunken",
            "tint": "surface-tint",
        }
        found = re.search(rf"--{token.get(name, name.replace('dye', 'type'))}:\s*var\(--L, (#\w+)\)", tokens)
        assert found, name
        assert found.group(1) == value, name


def test_a_small_alliance_has_a_thread_each():
    drawn = small()
    assert drawn.per_thread == 1
    assert [column.type_code for column in drawn.columns] == ["community", "community", "institution", "citizens"]
    assert [dict(row.by_type) for row in drawn.rows] == [
        {"community": 1, "institution": 1},
        {"community": 2, "citizens": 1},
    ]
    assert [len(row.cells) for row in drawn.rows] == [2, 3]
    assert drawn.rows[1].count == 3


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 60),
    st.lists(st.sampled_from(TYPES), min_size=0, max_size=700),
    st.randoms(use_true_random=False),
)
def test_the_woven_area_is_the_number_of_members(spaces, codes, rng):
    actors = dict(enumerate(codes))
    rows = [charts.Row(f"T{i}", frozenset(k for k in actors if rng.random() < 0.1)) for i in range(spaces)]
    drawn = charts.picture(rows, actors)
    assert len(drawn.columns) <= woven.MAX_THREADS or drawn.per_thread == woven.STEPS[-1]
    assert len(drawn.rows) + drawn.left_out == len(drawn.table) == spaces
    assert len(drawn.rows) <= woven.MAX_ROWS
    assert sum(column.size for column in drawn.columns) == drawn.total == len(codes)
    for row in drawn.rows:
        assert sum(row.cells.values()) * drawn.per_thread == pytest.approx(row.count)
        assert all(0 < share <= 1 for share in row.cells.values())


def test_a_large_alliance_is_grouped_and_it_is_said():
    actors = dict.fromkeys(range(1540), "community")
    rows = [charts.Row(f"Table {i}", frozenset(range(i * 40, i * 40 + 40))) for i in range(45)]
    drawn = charts.picture(rows, actors)
    assert drawn.per_thread == 20
    assert "20" in drawn.caption
    assert drawn.left_out == 5
    assert "5" in drawn.caption
    assert len(drawn.table) == 45
    page = Template("{% load ui %}{% weave p %}").render(Context({"p": drawn}))
    assert len(page) < 150_000
    assert "Table 44" in page


def test_the_drawing_for_documents_names_no_variable_and_is_sound_xml():
    for drawing in (
        charts.weave_picture(small()),
        charts.bars([charts.Bar("A & B", 3, "3", goal=5, type_code="citizens")]),
        charts.stages([charts.StageMark("Portrait <1>", 1), charts.StageMark("Plan", 0.4, current=True)]),
        charts.region_map([charts.MapShape(1, "X", [[[(0, 0), (2, 0), (1, 3)]]], number="<1>")], [1], charts.PRINT),
    ):
        assert "var(" not in drawing
        assert "class=" not in drawing.replace('class="map"', "")
        ElementTree.fromstring(drawing)


def test_the_drawing_for_pages_has_no_fixed_colour():
    drawn = small()
    body = charts.weave_row(drawn, drawn.rows[0]) + charts.fringe(drawn) + charts.warp_definition(drawn)
    assert "#4" not in body.replace('href="#', "")
    assert 'class="f-dye-1"' in body


def test_the_words_say_every_number():
    words = charts.weave_words(small())
    assert "4 membres dans 2 espaces" in words
    assert "Logement\N{NO-BREAK SPACE}: 2 membres, 2 types" in words
    assert "Organismes communautaires\N{NO-BREAK SPACE}: 2" in words


def test_the_table_is_the_picture():
    header, rows = charts.weave_table(small())
    assert header[0] == "Espace"
    assert rows == [["Logement", 1, 1, 0, 2], ["Isolement <&>", 2, 0, 1, 3]]


def test_the_component_escapes_and_links():
    page = Template("{% load ui %}{% weave p %}").render(Context({"p": small()}))
    assert "Isolement &lt;&amp;&gt;" in page
    assert '<a href="/l/"><b>Logement</b></a>' in page
    assert page.count('<use href="#warp-') == 2


def test_nothing_to_draw():
    empty = charts.picture([], {})
    assert "0 membre" in charts.weave_words(empty)
    Template("{% load ui %}{% weave p %}").render(Context({"p": empty}))
    charts.weave_picture(empty)
    assert charts.region_map([]) == ""
    ElementTree.fromstring(charts.bars([]))
    ElementTree.fromstring(charts.stages([]))


def test_stages_and_bars_in_words():
    stages = [charts.StageMark("Portrait", 1), charts.StageMark("Plan", 0.4, "en cours de route", current=True)]
    words = charts.stages_words([*stages, charts.StageMark("Suivi", 0)])
    assert "1. Portrait\N{NO-BREAK SPACE}: terminée." in words
    assert "2. Plan\N{NO-BREAK SPACE}: en cours, en cours de route. Nous sommes ici." in words
    assert "3. Suivi\N{NO-BREAK SPACE}: à venir." in words
    assert charts.bars_words([charts.Bar("Logement", 1, "38 %", note="Sous la cible.")]) == (
        "Logement\N{NO-BREAK SPACE}: 38 %. Sous la cible."
    )


def test_every_type_has_a_look_of_its_own():
    assert len(set(types.VISUALS.values())) == len(types.VISUALS)
    assert set(types.PLURALS) == set(types.VISUALS)
    assert types.visual("inconnu") == types.NEUTRAL
    assert all(visual.shape in types.SHAPES for visual in types.VISUALS.values())


def test_the_types_are_those_of_the_actors():
    from maillage.actors.vocabulary import ActorType

    assert set(ActorType.values) == set(types.VISUALS)
