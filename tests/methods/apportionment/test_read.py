"""Spreadsheets as agents keep them, and what is wrong with the others."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.methods.apportionment._numbers import NotANumber, read_number
from maillage.methods.apportionment.envelope import share_envelope
from maillage.methods.apportionment.impossible import Impossible
from maillage.methods.apportionment.read import read_request
from maillage.methods.apportionment.ties import Ties
from maillage.methods.errors import Unreadable

F = Fraction
FRENCH = """\
Enveloppe;10 000 $;;
Poids de la population;60 %;;
Poids population × besoin;40;;
Montant de base;1 000,00;;
Plancher par habitant;0,125;;
Plafond;9 999,99 $;;
Arrondi;0,01;;
Égalités;sort
Graine;7

Territoire;Population;Indice de besoin;Plancher;Note
Les Îles;5\u202f000;1;;24-01
Nicolet;3000;1,25;3\u00a0000;
;;;;
Côte-Nord;2000;2;;à revoir
"""
ENGLISH = """\
envelope,"10,000.00"
weight population,0.6
weight need,40%
base,20%

territory,population,need
A,5000,1
B,3000,1.25
"""


def test_a_french_sheet():
    request = read_request(FRENCH.encode())
    assert request.envelope == 1_000_000
    found = request.settings
    assert [(each.columns, each.weight, str(each)) for each in found.criteria] == [
        (("population",), F(3, 5), "Population"),
        (("population", "need"), F(2, 5), "Population × Indice de besoin"),
    ]
    assert (found.base, found.floor_per_person, found.cap, found.unit) == (100_000, F("12.5"), 999_999, 1)
    assert (found.ties, found.seed) == (Ties.LOT, 7)
    assert [(each.name, each.floor, each.values["need"]) for each in request.territories] == [
        ("Les Îles", None, 1), ("Nicolet", 300_000, F(5, 4)), ("Côte-Nord", None, 2),
    ]  # fmt: skip
    assert request.columns == {"population": "Population", "need": "Indice de besoin", "note": "Note"}
    sharing = share_envelope(request.envelope, request.territories, found)
    assert sum(share.amount for share in sharing.shares) == 1_000_000


@pytest.mark.parametrize("encoded", [FRENCH.encode("utf-8-sig"), FRENCH.replace("\n", "\r\n").encode(),
                                     FRENCH.replace("\u202f", " ").replace("×", "x").encode("cp1252"),
                                     FRENCH.replace(";", "\t").encode()])  # fmt: skip
def test_other_ways_of_saving_it(encoded):
    assert read_request(encoded).territories == read_request(FRENCH.encode()).territories


def test_an_english_sheet():
    request = read_request(ENGLISH.encode())
    assert (request.envelope, request.settings.base_part) == (1_000_000, F(1, 5))
    assert [each.weight for each in request.settings.criteria] == [F(3, 5), F(2, 5)]
    assert request.territories[1].values == {"population": 3000, "need": F(5, 4)}


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [("1 234 567,89 $", True, "1234567.89"), ("$1,234.50", False, "1234.5"), ("1,234,567", True, "1234567"),
     ("1.234.567", False, "1234567"), ("1.234,56", True, "1234.56"), ("12,5 %", True, "0.125"), ("1,5", False, "1.5"),
     ("0,125", False, "0.125"), ("1,234", True, "1.234"), ("1’234", True, "1234"), ("007", True, "7"),
     (" -   $ ", True, "0"), ("$ -", False, "0")],
)  # fmt: skip
def test_numbers(text, comma, value):
    assert read_number(text, decimal_comma=comma)[0] == F(value)


@pytest.mark.parametrize("text", ["", "abc", "1,234", "-", "-1", "-%", "-$1", "(5)", "1e3", "inf", "1,2.3", "1,23,4",
                                  "1.2.3", "٣", "1/2", "1" * 41, "1" * 21, "$", "%", "1_000", "+1", "−4"])  # fmt: skip
def test_no_numbers(text):
    with pytest.raises(NotANumber):
        read_number(text, decimal_comma=False)


HEADER = "territoire;population;besoin;plancher\n"
BAD = [
    (b"", None, "no line begins"),
    (b"\0\0\0", 1, "not text"),
    ("é".encode("utf-16"), None, "UTF-16"),
    (b"\x81\x8d", 1, "not text"),
    (b"a;b\n1;2\n", None, "no line begins"),
    (HEADER, 1, "no territory"),
    ("enveloppe;12;13\n" + HEADER, 1, "A comma in a number?"),
    ("envelope,10,000\nterritory,population\nA,1\n", 1, "A comma in a number?"),
    ("enveloppe;\n" + HEADER, 1, "a name and a value"),
    ("Répartition de 2026;;;\n" + HEADER, 1, "Take titles and notes out"),
    ("poids population;1\nMunicipalités;Population (2021);besoin\nA;1;1\n", 1, "file: Population (2021), besoin."),
    ("enveloppe;dix\n" + HEADER, 1, "“dix” is not a number"),
    ("enveloppe;-5\n" + HEADER, 1, "less than 0"),
    ("enveloppe;1,234\n" + HEADER, 1, "dollars and cents"),
    ("enveloppe;50 %\n" + HEADER, 1, "dollars and cents"),
    ("enveloppe;1\nenveloppe;2\n" + HEADER, 2, "twice"),
    ("envelopes;1\n" + HEADER, 1, "no setting that is known"),
    ("poids revenu;1\n" + HEADER, 1, "no column is named “revenu”"),
    ("poids plancher;1\n" + HEADER, 1, "no column is named “floor”"),
    ("égalité;hasard\n" + HEADER, 1, "no rule for ties"),
    ("graine;1,5\n" + HEADER, 1, "whole number"),
    ("territoire;population;habitants\nA;1;2\n", 1, "two columns"),
    (HEADER + "A;1,5;1;\n", 2, "“1,5” is not a whole number"),
    (HEADER + "A;1;moyen;\n", 2, "“moyen” is not a number"),
    (HEADER + "A;1;1;-3\n", 2, "less than 0"),
    (HEADER + "A;1;1;3;4\n", 2, "more cells"),
    (HEADER + ";1;1;3\n", 2, "no name"),
    (HEADER + "A;1;1;\nA;1;1;\n", 3, "twice"),
    (HEADER + "A;1;1;\nTOTAL;1;1;\n", 3, "looks like a sum"),
    ("territory,population\nA,\"1,234\"\n", 2, "two ways"),
    (HEADER + "A;" + "9" * 200_000 + "\n", 2, "too long"),
    ("poids note;1\nterritoire;note\nA;bas\n", 3, "“bas” is not a number"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "line", "words"), BAD, ids=range(len(BAD)))
def test_a_bad_file_says_where_and_why(content, line, words):
    with pytest.raises(Unreadable) as refused:
        read_request(content if isinstance(content, bytes) else content.encode())
    assert refused.value.line == line
    assert words in str(refused.value)
    assert refused.value.said("fr") != refused.value.said("en")


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: ("territoire;population\n" + text).encode())
    )
)
def test_nothing_else_is_ever_raised(content):
    try:
        read_request(content)
    except Unreadable as refused:
        assert refused.said("fr")  # noqa: PT017


def test_damaged_files_are_shared_or_refused_in_words():
    """2 000 files with a few characters changed, cut or doubled."""
    draw = random.Random(3)
    for _ in range(2_000):
        found = list(draw.choice([FRENCH, ENGLISH]))
        for _change in range(draw.randint(1, 5)):
            place = draw.randrange(len(found))
            found[place : place + draw.randint(0, 3)] = draw.choice(
                ["", ";", ",", '"', "\n", "-", "9", "é", "\t", "\r", "\0", "%", "x"]
            )
        try:
            request = read_request("".join(found).encode())
            sharing = share_envelope(request.envelope or 0, request.territories, request.settings)
        except (Unreadable, Impossible):
            continue
        assert sum(share.amount for share in sharing.shares) == (request.envelope or 0)
