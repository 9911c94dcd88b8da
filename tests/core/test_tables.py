"""Lists as people have them, and every way a file breaks: each refusal is a sentence that says what to do."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import io
import struct
import zipfile
import zlib

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.core.tables import Limits, TableError, read_day, read_table, study

LINES = [["Table", "Organisme", "Catégorie"], ["T1", "L’Œuvre de l’été", "Membre"], ["T2", "Café Noël", "Allié"]]
WANTED = [tuple(line) for line in LINES[1:]]


def text_of(delimiter: str = ",", lines: list[list[str]] = LINES) -> str:
    return "\n".join(delimiter.join(line) for line in lines) + "\n"


def cells(table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def refusal(source, **options) -> TableError:
    with pytest.raises(TableError) as caught:
        read_table(source, **options)
    assert str(caught.value).strip()
    assert str(caught.value)[-1] in ".!?"
    return caught.value


def workbook(lines: list[list[object]], *, mac: bool = False, merged: str = "", sheets: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for line in lines:
        book.active.append(line)
    if merged:
        book.active.merge_cells(merged)
    for name in sheets:
        book.create_sheet(name).append(["Nom", "Autre"])
        book[name].append(["Un", "Deux"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def open_document(lines: list[list[str]], formula_without_value: bool = False) -> bytes:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="Feuille1")
    for line in lines:
        row = TableRow()
        for value in line:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row.addElement(cell)
        if formula_without_value:
            row.addElement(TableCell(formula="of:=1+1"))
        table.addElement(row)
    document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("codec", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252"),
        ("mac_roman", "Mac Roman"),
    ],
)
def test_any_delimiter_and_encoding(delimiter, codec, label):
    table = read_table(text_of(delimiter).encode(codec))
    assert (table.delimiter, table.encoding) == (delimiter, label)
    assert table.header == tuple(LINES[0])
    assert cells(table) == WANTED


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_read_and_said(codec):
    table = read_table(text_of(";").encode(codec))
    assert cells(table) == WANTED
    assert [notice.code for notice in table.warnings] == ["encoding_guessed"]


def test_a_guessed_encoding_is_said():
    assert [notice.code for notice in read_table(text_of().encode("cp1252")).warnings] == ["encoding_guessed"]


def test_two_encodings_in_one_file_name_the_line():
    data = (text_of() * 4).encode() + "T3,Été,Membre\n".encode("cp1252")
    error = refusal(data)
    assert error.code == "mixed_encoding"
    assert "13" in str(error)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(end):
    assert cells(read_table(text_of().replace("\n", end).encode())) == WANTED


def test_header_on_line_4():
    text = "Liste des membres;;\n;;\nMise à jour : 20 novembre;;\n" + text_of(";")
    table = read_table(text.encode())
    assert (table.header_line, table.header) == (4, tuple(LINES[0]))
    assert [row.line for row in table.rows] == [5, 6]
    assert [notice.code for notice in table.warnings] == ["titles_skipped"]


def test_a_person_chooses_the_header():
    table = read_table(text_of().encode(), header_line=2)
    assert table.header == WANTED[0]
    assert refusal(text_of().encode(), header_line=9).code == "no_such_header"


def test_lines_are_counted_as_a_spreadsheet_shows_them():
    text = 'Table,Organisme\nT1,"Deux\nlignes"\n\nT2,Fin\n'
    table = read_table(text.encode())
    assert [(row.line, row.cells[1]) for row in table.rows] == [(2, "Deux lignes"), (5, "Fin")]


def test_one_column_of_names():
    table = read_table(b"Organisme\nUn\nDeux\n")
    assert table.header == ("Organisme",)
    assert cells(table) == [("Un",), ("Deux",)]


def test_repeated_and_absent_names_of_columns():
    table = read_table(b"nom,nom,\na,b,c\n")
    assert len(set(table.header)) == 3
    assert "repeated_header" in {notice.code for notice in table.warnings}


def test_more_cells_than_the_header_is_marked():
    table = read_table(b"table,nom\nT1,Un\nT2,Deux, Trois\nT3,Quatre\n")
    assert [row.overflow for row in table.rows] == [False, True, False]
    assert "overflow" in {notice.code for notice in table.warnings}


def test_xlsx_with_title_dates_formulas_and_merged_cells():
    lines = [["Liste"], [], [], ["Table", "Organisme", "Depuis", "Calcul"]]
    lines += [["T1", f"Org {n}", dt.date(2024, 1, n), "=1+1"] for n in range(1, 6)]
    table = read_table(workbook(lines, merged="A5:A6", sheets=("Autre",)))
    assert (table.kind, table.header_line, table.sheets) == ("xlsx", 4, ("Sheet", "Autre"))
    assert table.rows[0].cells == ("T1", "Org 1", "2024-01-01", "")
    assert table.rows[1].cells[0] == ""
    codes = {notice.code for notice in table.warnings}
    assert {"several_sheets", "merged_cells", "empty_formulas", "titles_skipped"} <= codes
    assert read_table(workbook(lines, sheets=("Autre",)), sheet="Autre").header == ("Nom", "Autre")
    assert refusal(workbook(lines), sheet="Absente").code == "no_such_sheet"


def test_what_nobody_sees_is_no_part_of_a_name():
    data = "nom,table\nUne pas\u00adse\u200brelle\u202e,T1\u2066\U000e0041\nÉle\u0301,T2\n".encode()
    assert cells(read_table(data)) == [("Une passerelle", "T1"), ("Élé", "T2")]


def test_a_quotation_mark_closed_at_the_very_end_is_read():
    assert cells(read_table(b'nom,table\n"Un","T1\nbis"')) == [("Un", "T1 bis")]


def test_a_workbook_that_opens_on_explanations_gives_the_list_behind_them():
    table = read_table(workbook([["Lisez-moi"]], sheets=("Membres",)))
    assert (table.sheet, table.sheets, cells(table)) == ("Membres", ("Sheet", "Membres"), [("Un", "Deux")])
    assert refusal(workbook([["Lisez-moi"]], sheets=("Membres",)), sheet="Sheet").code == "header_only"


def test_formulas_with_a_value_give_it():
    data = workbook([["Nom", "Somme"], ["Un", "=1+1"]])
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            body = source.read(name)
            if name.endswith("sheet1.xml"):
                body = (
                    body.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
                )
            target.writestr(name, body)
    table = read_table(out.getvalue())
    assert cells(table) == [("Un", "2")]
    assert [notice.code for notice in table.warnings] == ["formulas"]


def test_both_epochs_of_workbooks_give_the_same_day():
    lines = [["Nom", "Depuis"], ["Un", dt.date(2024, 2, 29)]]
    assert cells(read_table(workbook(lines))) == cells(read_table(workbook(lines, mac=True))) == [("Un", "2024-02-29")]


def test_ods():
    table = read_table(open_document(LINES))
    assert (table.kind, table.sheets) == ("ods", ("Feuille1",))
    assert cells(table) == WANTED
    assert "empty_formulas" in {notice.code for notice in read_table(open_document(LINES, True)).warnings}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b";;;\n;;;\n", "empty"),
        (b"nom,table\n", "header_only"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "picture"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
        (b"%PDF-1.7", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
        (b"<html><table><tr><td>nom</td></tr></table>", "web_page"),
        (b"nom,table\nUn\0,T1\n", "not_text"),
        (bytes(range(256)) * 8, "not_text"),
        (b'nom,table\n"Un,T1\n' + b"Deux,T2\n" * 60, "open_quote"),
        (b'nom,table\n"Un,T1\nDeux,T2\nTrois,T3\n', "open_quote"),
        (b'nom,table\nUn,T1\n"Deux,T2', "open_quote"),
        (b"nom,table\nUn," + b"x" * 200_000, "open_quote"),
        (b"PK\x03\x04 nothing", "damaged"),
    ],
)
def test_what_is_not_a_list_is_refused_by_what_it_is(data, code):
    assert refusal(data).code == code


def test_a_file_of_60_mb_is_not_read(tmp_path):
    path = tmp_path / "grand.csv"
    with path.open("wb") as file:
        file.truncate(60 * 1024 * 1024)
    error = refusal(path)
    assert error.code == "too_big"
    assert "10" in str(error)
    with path.open("rb") as file:
        assert refusal(file).code == "too_big"


def test_too_many_lines_and_columns():
    limits = Limits(rows=50, columns=10)
    assert refusal(b"nom,table\n" + b"a,b\n" * 100, limits=limits).code == "too_many_rows"
    assert refusal(b"nom,table\n" + b"a," * 20 + b"b\n", limits=limits).code == "too_many_columns"
    assert refusal(workbook([["a"] * 12] * 3), limits=limits).code == "too_many_columns"


def bomb(declared: int | None = None, megabytes: int = 130) -> bytes:
    """A workbook whose sheet unpacks to ``megabytes`` of spaces; ``declared``: what its directory pretends."""
    source, out = zipfile.ZipFile(io.BytesIO(workbook([["Nom"], ["Un"]]))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name.endswith("sheet1.xml"):
                with target.open(name, "w", force_zip64=False) as part:
                    part.write(source.read(name).replace(b"</worksheet>", b""))
                    for _ in range(megabytes):
                        part.write(b" " * (1 << 20))
                    part.write(b"</worksheet>")
            else:
                target.writestr(name, source.read(name))
    data = bytearray(out.getvalue())
    if declared is not None:
        at = data.rfind(b"xl/worksheets/sheet1.xml") - 46
        assert data[at : at + 4] == b"PK\x01\x02"
        data[at + 24 : at + 28] = struct.pack("<I", declared)
    return bytes(data)


def test_a_zip_bomb_called_xlsx_is_not_opened():
    data = bomb()
    assert len(data) < 1_000_000
    assert refusal(data, name="membres.xlsx").code == "bomb"


def test_a_zip_bomb_that_lies_about_its_size_is_stopped_while_it_unpacks():
    assert refusal(bomb(declared=1000, megabytes=3), limits=Limits(unpacked_bytes=1 << 20)).code == "bomb"
    assert refusal(bomb(declared=1000, megabytes=1)).code == "bomb"


def test_a_cell_at_the_far_end_of_a_sheet_takes_no_memory():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = "Nom", "Loin"
    out = io.BytesIO()
    book.save(out)
    assert refusal(out.getvalue()).code in {"too_many_rows", "too_many_columns"}


def test_a_workbook_with_entities_is_refused():
    source, out = zipfile.ZipFile(io.BytesIO(workbook([["Nom"], ["Un"]]))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if name.endswith("sheet1.xml"):
                body = b'<!DOCTYPE x [<!ENTITY a "b">]>' + body
            target.writestr(name, body)
    assert refusal(out.getvalue()).code == "damaged"


def test_a_text_document_and_an_archive_are_named():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refusal(out.getvalue()).code == "word"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.txt", "x")
    assert refusal(out.getvalue()).code == "zip"


def test_a_name_of_5000_characters_is_kept_for_the_import_to_refuse():
    table = read_table(b"nom,table\n" + b"x" * 5000 + b",T1\n")
    assert len(table.rows[0].cells[0]) == 5000


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("2026-11-20", "dmy", dt.date(2026, 11, 20)),
        ("2026-11-20 00:00", "dmy", dt.date(2026, 11, 20)),
        ("03/04/2026", "dmy", dt.date(2026, 4, 3)),
        ("03/04/2026", "mdy", dt.date(2026, 3, 4)),
        ("20.11.26", "dmy", dt.date(2026, 11, 20)),
        ("20 novembre 2026", "dmy", dt.date(2026, 11, 20)),
        ("1er août 2024", "dmy", dt.date(2024, 8, 1)),
        ("November 20, 2026", "dmy", dt.date(2026, 11, 20)),
        ("45292", "dmy", dt.date(2024, 1, 1)),
        ("31/02/2026", "dmy", None),
        ("bientôt", "dmy", None),
    ],
)
def test_days(text, order, wanted):
    assert read_day(text, order) == wanted


def test_the_mac_epoch_is_a_choice():
    assert read_day("43830", epoch="1904") == dt.date(2024, 1, 1)


def test_a_column_of_dates_is_decided_by_one_day_over_12():
    assert study(["03/04/2026", "25/12/2026"]).order == "dmy"
    assert study(["03/04/2026", "12/25/2026"]).order == "mdy"
    assert study(["03/04/2026", "2026-01-01"]).ambiguous == "03/04/2026"
    assert study(["05/05/2026"]).ambiguous == ""
    found = study(["45292", "2026-01-01", "bientôt"])
    assert (found.serial, found.unread) == ("45292", ("bientôt",))


letters = st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "S"), exclude_characters='"')
word = st.text(letters, min_size=1, max_size=30).map(lambda text: " ".join(text.split())).filter(bool)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(word, word, word), min_size=2, max_size=12), st.sampled_from([",", ";", "\t", "|"]))
def test_what_a_spreadsheet_writes_is_what_is_read(rows, delimiter):
    """Every cell quoted, so that any text may be in it; the header has plain words."""
    import csv

    from maillage.core.tables.header import clean

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(["table", "organisme", "catégorie"])
    writer.writerows(rows)
    wanted = [tuple(clean(cell) for cell in row) for row in rows]
    wanted = [row for row in wanted if any(row)]
    if not wanted:
        return
    table = read_table(out.getvalue().encode("utf-8-sig"))
    assert cells(table) == wanted


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_give_a_table_or_a_sentence(data):
    try:
        table = read_table(data, limits=Limits(seconds=5))
    except TableError:
        return
    assert all(len(row.cells) == len(table.header) for row in table.rows)


@functools.cache
def _plain_workbook() -> bytes:
    """Made once: a workbook holds the time it was made, so another one may be longer by a byte."""
    return workbook([["Nom", "Table"], ["Un", "T1"]])


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_workbook_with_flipped_bytes_gives_a_table_or_a_sentence(data):
    body = bytearray(_plain_workbook())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(TableError):
        read_table(bytes(body), limits=Limits(seconds=5))


@pytest.mark.real_data
def test_the_real_list(real_data):
    table = read_table(real_data / "actors" / "tables-de-quartier-montreal.csv")
    assert (table.encoding, table.header_line, len(table.rows), len(table.header)) == ("UTF-8", 1, 1688, 6)
    assert table.warnings == ()
    assert zlib.crc32("\n".join(table.column(0)).encode())
