"""The account as a document and as a spreadsheet."""

import datetime as dt
import io

import openpyxl
import pytest
from click.testing import CliRunner

from maillage.core.models import Document
from maillage.reporting.cli import account as command
from maillage.reporting.gathering import gather
from maillage.reporting.models import Account
from maillage.reporting.services import write_account
from tests.factories import ActorFactory, user_with
from tests.reporting import pdfs
from tests.reporting.conftest import DANGEROUS, TODAY

pytestmark = pytest.mark.django_db


def made(alliance, format="pdf", language="fr", viewer=None, audience="public") -> bytes:
    name, data = write_account(
        alliance, viewer=viewer, format=format, language=language, audience=audience, today=TODAY
    )
    assert name.endswith(f".{format}")
    return data


def book(alliance, **options) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(made(alliance, format="xlsx", **options)))


def test_the_document_is_accessible_and_says_whose_it_is(alliance) -> None:
    data = made(alliance)
    assert pdfs.faults(data) == []
    pdf = pdfs.opened(data)
    assert str(pdf.docinfo.Title) == "Reddition de comptes – Alliance d’essai"
    figures = [element for element in pdfs.elements(pdf) if str(element.S) == "/Figure"]
    assert [str(figure.Alt) for figure in figures] == ["Barre aux deux tiers"]
    text = pdfs.text(data).replace("\u00a0", " ")
    for words in ("Alliance d’essai", "1er avril 2025 au 31 mars 2029", "20 novembre 2026", "MRC d’essai",
                  "Table des matières", "842 000 $", "1 234,56 $", "=1+1"):  # fmt: skip
        assert words in text, words


def test_it_is_also_in_english(alliance) -> None:
    text = pdfs.text(made(alliance, language="en"))
    for words in ("Accountability report", "Contents", "As of", "November 20, 2026", "$842,000"):
        assert words in text, words
    assert str(pdfs.opened(made(alliance, language="en")).Root.Lang).lower().startswith("en")


def test_a_fictional_alliance_says_so_on_the_cover_and_inside(alliance) -> None:
    alliance.fictional = True
    assert pdfs.text(made(alliance)).count("Cette alliance est fictive") == 2


def test_the_band_is_the_composition_of_the_alliance(alliance) -> None:
    for _ in range(3):
        ActorFactory(alliance=alliance, type="community")
    ActorFactory(alliance=alliance, type="business", is_public=False)
    assert gather(alliance, None, TODAY, "fr").cover.threads == [("#4B9480", 3)]


def test_the_public_version_never_holds_what_its_maker_alone_may_see(alliance) -> None:
    agent = user_with(alliance)
    assert "Réservé" not in pdfs.text(made(alliance, viewer=agent, audience="public"))
    inside = pdfs.text(made(alliance, viewer=agent, audience="inside"))
    assert "Réservé" in inside
    assert "à ne pas publier" in inside


def test_progress_goes_from_nothing_to_all(alliance) -> None:
    steps = []
    gather(alliance, None, TODAY, "fr", progress=lambda done, total, note: steps.append((done, total)))
    assert steps[0] == (0, 2)
    assert steps[-1] == (1, 2)


def test_the_first_sheet_explains_and_links_to_the_others(alliance) -> None:
    found = book(alliance)
    first = found.worksheets[0]
    assert first.title == "Lisez-moi"
    values = [cell.value for row in first.iter_rows() for cell in row if cell.value]
    assert "Alliance d’essai" in values
    assert "20\u00a0novembre 2026" in values
    linked = {cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink}
    assert {f"'{sheet.title}'!A1" for sheet in found.worksheets[1:]} == linked


def test_a_table_is_a_sheet_of_real_values(alliance) -> None:
    found = book(alliance)
    sheet = next(one for one in found.worksheets if one.title.startswith("Membres"))
    assert [cell.value for cell in sheet[1]] == ["Nom", "Sièges", "Montant", "Depuis", "Moyenne", "Vide", "Public"]
    row = sheet[2]
    assert row[1].value == 3
    assert row[2].value == 1234.56
    assert '"$"' in row[2].number_format
    assert row[3].value == dt.datetime(2025, 1, 31)  # noqa: DTZ001
    assert row[3].is_date
    assert row[4].value == 2.5
    assert row[5].value is None
    assert row[6].value == "oui"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:G{len(DANGEROUS) + 2}"
    assert sheet.column_dimensions["A"].width >= 10


def test_nothing_typed_becomes_a_formula_or_a_link(alliance) -> None:
    found = book(alliance)
    cells = [cell for sheet in found.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    written = {cell.value for cell in cells}
    assert set(DANGEROUS) <= written
    outside = [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert outside == []
    risky = next(cell for cell in cells if cell.value == "=1+1")
    assert risky.quotePrefix


def test_names_of_sheets_are_legal_and_different(alliance, monkeypatch) -> None:
    from maillage.core import contributions
    from maillage.core.contributions import ReportSection, ReportTable

    captions = ["Table [1]: a/b\\c?*", "x" * 60, "x" * 60, "X" * 60, "'guillemets'", "", "History", "Texte"]

    def provider(scope, viewer, today):
        yield ReportSection("a", "A", [ReportTable(caption, ["Nom"], [["1"]]) for caption in captions])

    monkeypatch.setattr(contributions.report, "providers", [provider])
    titles = [sheet.title for sheet in book(alliance).worksheets]
    assert len({title.lower() for title in titles}) == len(titles)
    assert all(0 < len(title) <= 31 for title in titles)


def test_long_texts_and_control_characters_are_written_whole_or_cut_with_a_sign(alliance, monkeypatch) -> None:
    from maillage.core import contributions
    from maillage.core.contributions import ReportSection, ReportTable

    def provider(scope, viewer, today):
        yield ReportSection("a", "A", [ReportTable("T", ["Nom"], [["y" * 40_000], ["a\x00b\ud800c"]])])

    monkeypatch.setattr(contributions.report, "providers", [provider])
    sheet = book(alliance)["T"]
    assert len(sheet["A2"].value) == 32_767
    assert sheet["A2"].value.endswith("…")
    assert sheet["A3"].value == "abc"


def test_the_same_day_gives_the_same_document(alliance) -> None:
    assert made(alliance) == made(alliance)


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_the_command_line_writes_the_public_account(alliance, tmp_path, format) -> None:
    target = tmp_path / f"compte.{format}"
    done = CliRunner().invoke(command, ["essai", "--format", format, "--to", str(target)])
    assert done.exit_code == 0, done.output
    assert done.output.strip().endswith(str(target))
    assert target.read_bytes().startswith(b"%PDF" if format == "pdf" else b"PK")
    assert not Account.objects.exists()
    assert not Document.objects.exists()


def test_the_command_line_says_what_is_wrong(alliance, tmp_path) -> None:
    run = CliRunner().invoke
    assert "There is no alliance" in run(command, ["nulle-part"]).output
    assert "cannot be written" in run(command, ["essai", "--to", str(tmp_path / "a" / "b.pdf")]).output
    alliance.offers_english = False
    alliance.save()
    assert "does not offer English" in run(command, ["essai", "--lang", "en"]).output
