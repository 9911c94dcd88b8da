"""The page where a sheet is given against a code or a name, without a script, as a helper uses it all day."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillage.alliances.models import Role
from maillage.participation.consultations.models import Helper
from maillage.participation.models import Batch, Consultation, Elector, Envelope, Turnout
from maillage.participation.vocabulary import Access, Help
from tests.factories import RoleFactory
from tests.participation.factories import NOW
from tests.participation.paper.makers import keyed_twice
from tests.participation.paper.test_exchanging import SIX
from tests.participation.paper.test_exchanging import Desk as Services

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def while_open(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


class Desk(Services):
    def __init__(self, client, access=Access.CODES):
        super().__init__(access)
        self.client = client
        self.as_(self.agent)

    def as_(self, user):
        self.client.force_login(user, backend=BACKEND)

    def url(self, page="echanger/"):
        return f"/{self.alliance.slug}/consultations/{self.consultation.uuid}/preparer/papier/{self.batch.uuid}/{page}"

    def get(self, page="echanger/"):
        response = self.client.get(self.url(page))
        assert response.status_code == 200
        return response.content.decode().replace("\xa0", " ")

    def nonce(self):
        (found,) = set(re.findall(r'name="jeton" value="([^"]+)"', self.get()))
        return found

    def post(self, **values):
        values.setdefault("jeton", self.nonce())
        return self.client.post(self.url(), values)


@pytest.fixture
def desk(client):
    return Desk(client)


def test_codes_one_after_the_other_with_the_keyboard_alone(desk):
    codes = [desk.code() for _turn in range(3)]
    for place, code in enumerate(codes, start=1):
        sent = desk.post(code=code)
        assert (sent.status_code, sent.url) == (302, desk.url())
        page = desk.get()
        assert "Donnez une feuille du lot 1." in page
        assert f"<b>{place}</b> feuilles données sur 10" in page
        assert "autofocus" in page, "the next code is typed at once"
    assert "3" in desk.get("")
    assert Turnout.objects.count() == 3


def test_a_refusal_says_why_keeps_what_was_typed_and_nothing_keeps_the_page(desk):
    code = desk.code()
    desk.post(code=code)
    again = desk.post(code=code)
    page = again.content.decode().replace("\xa0", " ")
    assert again.status_code == 422
    assert "Ce code a déjà servi : aucun bulletin papier n’est donné." in page
    assert f'value="{code}"' in page
    unknown = desk.post(code="zzzz-zzzz-zz")
    assert 'value="zzzz-zzzz-zz"' in unknown.content.decode()
    for response in (again, unknown, desk.client.get(desk.url()), desk.post(code=desk.code())):
        assert response.headers["Cache-Control"] == "no-store"
    assert desk.client.post(desk.url(), {"code": desk.code(), "jeton": "court"}).status_code == 422


def test_enter_struck_twice_or_a_page_reloaded_gives_one_sheet(desk):
    code, nonce = desk.code(), desk.nonce()
    desk.post(code=code, jeton=nonce)
    assert desk.post(code=code, jeton=nonce).status_code == 302
    assert "une seule feuille du lot 1 en tout" in desk.get()
    assert desk.fresh().exchanged == 1


def test_someone_of_a_list_is_looked_for_then_marked_and_no_name_is_in_an_address(client):
    desk = Desk(client, Access.LIST)
    one, _other = desk.listed("Odile Ferland", email="odile@exemple.test"), desk.listed("Marc Roy")
    page = desk.get()
    assert "Odile" not in page, "the list is not laid out"
    page = desk.client.post(desk.url(), {"acte": "chercher", "nom": "ferl"}).content.decode()
    assert "Odile Ferland" in page
    assert "Marc Roy" not in page
    assert "odile@exemple.test" not in page
    sent = desk.post(acte="donner", personne=one.pk)
    assert (sent.status_code, sent.url) == (302, desk.url())
    page = desk.client.post(desk.url(), {"acte": "chercher", "nom": "ferl"}).content.decode()
    assert "Odile Ferland" in page, "looking for someone never says whether they answered"
    refused = desk.post(acte="donner", personne=one.pk)
    assert refused.status_code == 422
    assert "a déjà répondu, ou a un bulletin papier" in refused.content.decode()
    assert "Personne de la liste ne porte ce nom" in desk.client.post(
        desk.url(), {"acte": "chercher", "nom": "inconnue"}
    ).content.decode().replace("\xa0", " ")
    for wrong in ("", "x", "999999", "9" * 30):
        assert desk.post(acte="donner", personne=wrong).status_code == 422


def test_two_people_of_one_name_are_told_apart_without_their_whole_address(client):
    desk = Desk(client, Access.LIST)
    desk.listed("Odile Ferland", email="odile@exemple.test")
    desk.listed("Odile Ferland", email="ferland.o@ailleurs.test")
    page = desk.client.post(desk.url(), {"acte": "chercher", "nom": "odile"}).content.decode()
    assert "od…@exemple.test" in page
    assert "fe…@ailleurs.test" in page
    assert "odile@exemple.test" not in page


def test_looking_for_a_name_costs_the_same_for_one_person_and_for_many(client):
    desk = Desk(client, Access.LIST)
    desk.listed("Odile Ferland")

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert desk.client.post(desk.url(), {"acte": "chercher", "nom": "odile"}).status_code == 200
        return len(asked)

    cost()
    few = cost()
    for number in range(10):
        desk.listed(f"Odile Gagné {number}")
    assert cost() == few


def test_the_page_is_for_consultations_where_one_person_has_one_ballot(desk):
    page = desk.get("")
    assert desk.url() in page
    Consultation.objects.update(access=Access.OPEN)
    assert desk.client.get(desk.url()).status_code == 404
    assert desk.url() not in desk.get("")


def test_once_the_step_is_closed_or_the_batch_keyed_the_page_gives_nothing(desk):
    Batch.objects.update(state="compared")
    page = desk.get()
    assert "Aucune feuille de ce lot n’est donnée maintenant" in page
    assert 'name="code"' not in page
    Batch.objects.update(state="printed", exchanged=10)
    assert "prenez un autre lot" in desk.get()


@pytest.mark.parametrize("role", [None, *Role.Kind.values])
def test_who_opens_the_page(desk, role):
    desk.client.logout()
    if role is None:
        assert desk.client.get(desk.url()).status_code == 302
        return
    person = RoleFactory(person__alliance=desk.alliance, kind=role).person
    desk.as_(person.user)
    steers = role in {Role.Kind.AGENT, Role.Kind.REGIONAL}
    assert desk.client.get(desk.url()).status_code == (200 if steers else 403)
    Helper.objects.create(consultation=desk.consultation, person=person, help=Help.KIOSK)
    assert desk.client.get(desk.url()).status_code == (200 if steers else 403)
    Helper.objects.create(consultation=desk.consultation, person=person, help=Help.PAPER)
    assert desk.client.get(desk.url()).status_code == 200


def test_the_agent_of_another_alliance_learns_nothing(desk):
    code = desk.code()
    nonce = desk.nonce()
    desk.as_(Services().agent)
    assert desk.client.get(desk.url()).status_code == 403
    assert desk.client.post(desk.url(), {"code": code, "jeton": nonce}).status_code == 403
    assert not Turnout.objects.exists()


def test_sheets_without_a_code_are_shown_decided_by_two_then_accepted(desk):
    Batch.objects.update(exchanged=2, handed_out=6, returned=6, state="out")
    keyed_twice(desk.fresh(), desk.agent, desk.second, SIX)
    page = desk.get("comparer/")
    assert "4 feuilles de plus que les codes échangés pour ce lot (2)" in page
    assert "Accepter ce lot" not in page
    refused = desk.client.post(desk.url("comparer/"), {"acte": "accepter"})
    assert refused.status_code == 422
    desk.client.post(desk.url("sans-code/"), {"why": "Une panne à la bibliothèque."})
    assert "une deuxième personne confirme" in desk.get("comparer/")
    assert "Confirmer : ces feuilles comptent" not in desk.get("comparer/"), "whoever proposed does not confirm"
    desk.as_(desk.third)
    assert "Une panne à la bibliothèque." in desk.get("comparer/")
    assert "Confirmer : ces feuilles comptent" in desk.get("")
    desk.client.post(desk.url("sans-code/"), {"acte": "confirmer", "lu": "Une panne à la bibliothèque."})
    assert "4 feuilles données sans code comptent" in desk.get("comparer/")
    desk.client.post(desk.url("comparer/"), {"acte": "accepter"})
    assert Envelope.objects.count() == 6
    assert "Deux personnes les comptent quand même" in desk.get("")


def test_the_page_of_a_void_says_that_codes_stay_used(desk):
    desk.post(code=desk.code())
    page = desk.get("annuler/")
    assert "1 feuille de ce lot a été donnée contre un code" in page


def test_the_counts_begin_with_what_was_exchanged(desk):
    desk.post(code=desk.code())
    assert re.search(r'name="handed_out"[^>]*value="1"', desk.get(""))
    assert Elector.objects.count() == 1
