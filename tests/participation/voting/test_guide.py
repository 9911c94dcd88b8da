"""The page that whoever helps opens on their own telephone: words, and nothing of anyone's answers."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from maillage.participation.models import (
    AboutQuestion,
    Consultation,
    ConsultationLanguage,
    Envelope,
    Option,
    Question,
    Section,
    Statement,
    Wording,
)
from maillage.participation.vocabulary import COUNTINGS, Access, Kind, Method
from maillage.participation.voting import guiding
from tests.factories import AllianceFactory
from tests.participation.factories import StepFactory
from tests.participation.voting.conftest import filled, url
from tests.participation.voting.test_kiosk import helper_of, opened, signed_in

pytestmark = pytest.mark.django_db


def page_of(consultation, query="", language="", client=None):
    response = (client or Client()).get(url(consultation, "borne/aide", language) + query)
    assert response.status_code == 200
    return response.content.decode().replace("\xa0", " ").replace("&nbsp;", " ")


def test_it_says_what_is_asked_how_to_say_it_and_what_never_to_do(make):
    step = make(options=2)
    page = page_of(step.consultation)
    assert "N’aidez pas une personne si vous décidez de ses services" in page
    assert "Ne gardez pas le reçu" in page
    assert "Cette page ne voit rien." in page
    assert "Rien n’y vient de la borne" in page
    for said in (
        "Choix fictif 1",
        "Texte 1.",
        "Choix fictif 2",
        "une des six mentions",
        "toutes, toujours dans le même ordre",
    ):
        assert said in page
    assert "Essentiel · Très important" in page
    assert "Ne gardez pas son code" not in page, "no code here"
    assert "il ouvre ses réponses" not in page


@pytest.mark.parametrize("method", list(Method.values))
def test_every_kind_of_ballot_is_explained(make, method):
    step = make(step={"method": method, "counting": COUNTINGS[method][0], "envelope_cents": 100_000})
    what, how = guiding.EXPLAINED[method]
    page = page_of(step.consultation, language="/en")
    assert str(what) in page or what
    assert "How to say it." in page
    assert "What is asked.</b> The person" in page or "What is asked.</b> For each choice" in page
    assert how


def test_every_question_comes_in_order_whatever_its_kind(make):
    step = make(options=1)
    opinions = StepFactory(
        consultation=step.consultation, kind=Kind.OPINIONS, method="", counting="", title="Des phrases"
    )
    Statement.objects.create(step=opinions, number=1, text="Le bus passe trop peu.", state="shown")
    asked = StepFactory(
        consultation=step.consultation, kind=Kind.QUESTIONNAIRE, method="", counting="", title="Trois mots"
    )
    section = Section.objects.create(step=asked, position=0)
    Question.objects.create(
        section=section, position=0, kind="one", label="Venez-vous à pied?",
        choices=[{"code": "a", "label": "Oui, à pied"}, {"code": "b", "label": "Non"}],
    )  # fmt: skip
    page = page_of(step.consultation)
    places = [
        page.index(said) for said in ("Choix fictif 1", "Des phrases", "Le bus passe", "Trois mots", "Venez-vous")
    ]
    assert places == sorted(places)
    assert "Oui, à pied" in page


def test_the_words_of_the_person_stand_under_those_of_the_helper(make):
    step = make(options=2)
    consultation = step.consultation
    ConsultationLanguage.objects.create(consultation=consultation, code="ar", name="العربية", right_to_left=True)
    first = Option.objects.get(number=1)
    for key, text in {
        f"option:{first.uuid}:label": "السكن",
        f"option:{first.uuid}:text": "نص",
        "ui:grade_6": "أساسي",
    }.items():
        Wording.objects.create(consultation=consultation, language="ar", key=key, text=text)
    page = page_of(consultation)
    assert "?langue=ar" in page
    assert "السكن" not in page
    page = page_of(consultation, "?langue=ar")
    assert '<html lang="fr-CA" dir="ltr"' in page, "the page itself stays the helper's"
    assert re.search(r'<p class="said" lang="ar" dir="rtl"><b>السكن</b><br>نص</p>', page)
    assert page.index("Choix fictif 1") < page.index("السكن") < page.index("Choix fictif 2")
    assert "أساسي" in page
    assert "Ce n’est pas écrit dans cette langue" in page, "the second choice is not translated"
    assert "langue=xx" not in page_of(consultation, "?langue=xx")


def test_a_code_a_receipt_that_changes_and_questions_about_the_person_are_warned_of(make):
    consultation = make(access=Access.CODES, changeable=True).consultation
    AboutQuestion.objects.create(consultation=consultation, position=0, kind="age", purpose="Voir")
    page = page_of(consultation)
    assert "Ne gardez pas son code" in page
    assert "il ouvre ses réponses jusqu’à la fermeture" in page
    assert "Ne répondez jamais en regardant la personne" in page


def test_nothing_of_a_ballot_reaches_it_and_it_sends_nothing(make):
    step = make()
    before = page_of(step.consultation)
    kiosk = opened(step)
    assert kiosk.post(url(step.consultation, "borne"), filled(step, {1: 6, 2: 5})).status_code == 200
    assert Envelope.objects.count() == 1
    with CaptureQueriesContext(connection) as asked:
        after = page_of(step.consultation, client=kiosk)
    assert after == before, "the same page whoever answers, and whether anyone does"
    tables = " ".join(query["sql"] for query in asked)
    for table in ("envelope", "turnout", "receipt", "elector", "ballot"):
        assert f"participation_{table}" not in tables
    assert "<form" not in after
    assert "<script" not in after
    assert "<input" not in after


def test_the_kiosk_s_first_page_leads_to_it_by_link_square_and_short_address(make):
    consultation = make().consultation
    page = signed_in(helper_of(consultation)).get(url(consultation, "borne")).content.decode()
    assert url(consultation, "borne/aide") in page
    assert f"/v/{consultation.short}/aide/</b>" in page
    assert "<svg" in page
    assert 'role="img"' in page
    moved = Client().get(f"/v/{consultation.short}/aide/")
    assert (moved.status_code, moved.url) == (302, url(consultation, "borne/aide"))
    refused = signed_in(helper_of(consultation)).post(url(consultation, "borne/ouvrir"), {"channel": "kiosk"})
    assert refused.status_code == 422
    assert f"/v/{consultation.short}/aide/</b>" in refused.content.decode()


@pytest.mark.parametrize("state", [Consultation.State.DRAFT])
def test_a_draft_is_shown_to_nobody_there(make, state):
    consultation = make(state=state).consultation
    assert Client().get(url(consultation, "borne/aide")).status_code == 404
    assert Client().get(f"/v/{consultation.short}/aide/").status_code == 404


def test_where_the_alliance_is_not_open_only_its_own_people_read_it(make):
    consultation = make(alliance=AllianceFactory(is_public=False)).consultation
    assert Client().get(url(consultation, "borne/aide")).status_code == 404
    assert page_of(consultation, client=signed_in(helper_of(consultation)))


def test_as_many_queries_for_two_choices_as_for_fifty(make):
    few, many = make(options=2), make(options=50)

    def cost(step):
        with CaptureQueriesContext(connection) as asked:
            page_of(step.consultation)
        return len(asked)

    cost(few)
    assert cost(few) == cost(many) <= 12


def test_it_is_light(make):
    step = make(options=8)
    assert len(page_of(step.consultation).encode()) < 15_000
