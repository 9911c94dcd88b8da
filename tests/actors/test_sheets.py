"""What people typed is never computed by the spreadsheet that opens a downloaded table."""

import csv
import io

import pytest

from maillage.actors.sheets import csv_response, plain


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1+1", "  =1+1", "＝1+1", "Nom;=1+1", "Nom; +1", 'a\n=HYPERLINK("http://x")'],
)  # fmt: skip
def test_a_formula_is_shown(text: str) -> None:
    row = csv_response("liste", ["Nom"], [[text]]).content.decode("utf-8-sig")
    for delimiter in (",", ";", "\t"):
        cells = [cell.strip() for line in csv.reader(io.StringIO(row), delimiter=delimiter) for cell in line]
        assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "＝"}]


@pytest.mark.parametrize("value", ["L’Arbre; la Source", "Porte-voix", "a@b.invalid", 12, None])
def test_the_rest_is_as_it_was(value: object) -> None:
    assert plain(value) == value
