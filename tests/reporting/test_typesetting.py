"""Tagged documents: what assistive technology needs, and text that stays text."""

import base64
import datetime as dt
from pathlib import Path

import pytest
import typst

import maillage
from maillage.core import typesetting
from maillage.core.contributions import (
    Money,
    ReportFacts,
    ReportFigure,
    ReportHeading,
    ReportList,
    ReportNote,
    ReportSection,
    ReportTable,
)
from maillage.core.typesetting import Cover, TypesettingError, render_pdf, render_report
from tests.reporting import pdfs

ON = dt.date(2026, 11, 20)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="40" height="20" fill="#4B9480"/></svg>'


def report(*blocks, title="La section", language="fr", **cover) -> bytes:
    section = ReportSection("essai", title, blocks)
    return render_report(
        Cover(title="Reddition de comptes", over="Alliance fictive", **cover), [section], language=language, on=ON
    )


def test_a_report_has_all_that_assistive_technology_needs() -> None:
    data = report(
        "Un paragraphe.",
        ReportFigure(SVG, "Barre verte aux deux tiers", "La figure"),
        ReportTable("Le tableau", ["Nom", "Montant"], [["Un", Money(1_250_000)]], frozenset({1})),
        ReportFacts([("Signée le", ON)]),
        ReportList(["premier", "second"]),
        ReportNote("Attention.", "À savoir", "caution"),
        ReportHeading("Sous-titre"),
    )
    assert pdfs.faults(data) == []
    pdf = pdfs.opened(data)
    assert str(pdf.Root.Lang).lower() == "fr-ca"
    assert str(pdf.docinfo.Title) == "Reddition de comptes – Alliance fictive"
    roles = pdfs.roles(pdf)
    for role in ("/Figure", "/Table", "/TH", "/TD", "/TOC", "/L", "/LI", "/H1", "/H2"):
        assert role in roles, role
    figure = next(item for item in pdfs.elements(pdf) if str(item.S) == "/Figure")
    assert str(figure.Alt) == "Barre verte aux deux tiers"


def test_values_are_written_as_the_language_writes_them() -> None:
    table = ReportTable("Le tableau", ["Montant", "Date", "Nombre"], [[Money(1_250_000), ON, 12_500]])
    french = pdfs.text(report(table)).replace("\u00a0", " ").replace("\u202f", " ")
    assert "12 500 $" in french
    assert "20 novembre 2026" in french
    english = pdfs.text(report(table, language="en"))
    assert "$12,500" in english
    assert "November 20, 2026" in english


@pytest.mark.parametrize(
    "text",
    [
        '#set page(width: 1cm) *gras* $x^2$ @ref <label> = Titre \\ `code` // rien "',
        "#image(\"/etc/passwd\") #read(\"/etc/passwd\")",
        "]}] #panic() {{ }} %}",
    ],
)  # fmt: skip
def test_what_a_person_typed_is_shown_as_typed(text: str) -> None:
    shown = " ".join(pdfs.text(report(text, ReportTable(text, [text], [[text]]), title=text)).split())
    assert shown.count(" ".join(text.split())[:20]) >= 4


@pytest.mark.parametrize("text", ["ᐄᔨᔨᐤ Eeyou", "漢字 😀", "a\x00\x07b", "\ud800 seul", "x" * 5000, "\u202eenvers", "",
                                  "👩\u200d👩\u200d👧 x\u0334 \U000e0041", "Zalgo" + "\u0300\u0334" * 40])  # fmt: skip
def test_no_text_can_break_the_document(text: str) -> None:
    data = report(text, ReportTable(text, [text or "Nom"], [[text]]), ReportList([text]))
    assert pdfs.faults(data) == []


def test_names_in_every_script_together_do_not_stop_the_document() -> None:
    """Each answer of the compiler uncovers other characters: a register of many scripts takes several."""
    names = [
        "中文组织",
        "عربي منظمة",
        "👩\u200d👩\u200d👧 org",
        "\U000e0041tag",
        "ᐄᔨᔨᐤ",
        "＝1+1",
        "𝔘𝔫",
        "\ue000",
        "꧁꧂",
        "🏳️\u200d🌈",
    ]
    words = "".join(f'<text x="1" y="{4 + n}" font-size="3">{name}</text>' for n, name in enumerate(names))
    figure = ReportFigure(SVG.replace("</svg>", f"{words}</svg>"), "Des noms", "La figure")
    data = report(*names, figure, ReportTable("Noms", ["Nom"], [[name] for name in names]), ReportList(names))
    assert pdfs.faults(data) == []
    assert "org" in pdfs.text(data)


def test_a_text_the_compiler_keeps_refusing_stays_out_of_the_log(monkeypatch) -> None:
    def refuse(*_: object) -> bytes:
        error = typst.TypstError()
        error.diagnostic = 'the text `"Nom privé"` could not be displayed'
        raise error

    monkeypatch.setattr(typesetting, "_typst", refuse)
    with pytest.raises(TypesettingError) as error:
        report("Nom privé")
    assert "Nom privé" not in str(error.value)


def test_a_figure_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="no words"):
        report(ReportFigure(SVG, " ", "La figure"))


def test_a_document_without_title_is_refused() -> None:
    with pytest.raises(ValueError, match="title"):
        render_pdf("= A", {}, title=" ", language="fr", on=ON)


def test_an_inaccessible_template_is_refused() -> None:
    with pytest.raises(TypesettingError):
        render_pdf('#set document(title: "A")\n#image("/images/a.svg")', {}, {"a.svg": SVG}, title="A",
                   language="fr", on=ON)  # fmt: skip


def test_no_template_asks_for_a_package_to_download() -> None:
    templates = list(Path(maillage.__file__).parent.rglob("*.typ"))
    assert templates
    assert [path.name for path in templates if '"@' in path.read_text()] == []


def test_the_same_data_gives_the_same_file() -> None:
    assert report("Un paragraphe.") == report("Un paragraphe.")


def test_the_header_of_a_long_table_comes_back_on_every_page() -> None:
    data = report(ReportTable("Le tableau", ["Nom de l’organisme"], [[f"Organisme {n}"] for n in range(120)]))
    assert pdfs.text(data).count("Nom de l’organisme") == len(pdfs.opened(data).pages) - 2


def test_a_template_of_a_room_reads_its_data_and_the_components() -> None:
    source = """#import "/kit.typ": *
#let data = json("/data.json")
#show: setup.with(data.document, (page: "Page", of: "de", contents: "", table: "", figure: ""), (), data.document.title)
= #data.heading
#par(data.text)"""
    data = render_pdf(source, {"heading": "Titre", "text": "#par"}, title="Passation", language="fr", on=ON)
    assert pdfs.faults(data) == []


def test_a_picture_made_of_points_is_taken_too() -> None:
    source = '#set document(title: "A")\n#image("/images/a.png", alt: "Un point")'
    data = render_pdf(source, {}, {"a.png": PNG}, title="A", language="fr", on=ON)
    pdf = pdfs.opened(data)
    figure = next(item for item in pdfs.elements(pdf) if str(item.S) == "/Figure")
    assert str(figure.Alt) == "Un point"


@pytest.mark.parametrize("name", ["../a.svg", "/etc/a.svg", "a/b.svg", "a", ""])
def test_an_image_cannot_leave_its_folder(name: str) -> None:
    with pytest.raises(ValueError, match="file name"):
        render_pdf("= A", {}, {name: SVG}, title="A", language="fr", on=ON)


def test_nothing_outside_can_be_read() -> None:
    with pytest.raises(TypesettingError):
        render_pdf('#set document(title: "A")\n#read("/etc/hostname")', {}, title="A", language="fr", on=ON)


def test_short_columns_keep_their_line_while_there_is_room():
    from maillage.core.typesetting import _weights

    long = "Une phrase qui raconte ce qui s’est passé, en plus de mots qu’une ligne n’en porte."
    assert _weights(["Date", "Fait"], [["14 novembre 2024", long]])[0] == 0
    many = ["Colonne de seize c"] * 5
    assert _weights(many, [many]).count(0) == 3
