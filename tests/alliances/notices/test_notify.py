"""Who is told what, when, in which language; and stopping it."""

from __future__ import annotations

import re

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils.translation import gettext_lazy as _

from maillage.alliances.links import services as links
from maillage.alliances.models import Notice, NoticeChoice, PersonLink
from maillage.alliances.notices import services
from maillage.core import contributions
from maillage.core.models import AuditEntry
from tests.factories import AllianceFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
SITE = "https://maillage.exemple"


@pytest.fixture
def person():
    return PersonFactory(email="ana@exemple.test", language="fr")


def tell(person, **more):
    values = {
        "kind": "essai", "subject": _("Language"), "context": {"lines": ["Jeudi à 9 h."], "action_label": "Répondre"},
        "site": SITE, "url": "/mrc/rencontres/1/", **more,
    }  # fmt: skip
    return services.notify(person=person, **values)


def stop_path(message) -> str:
    return re.search(rf"{SITE}(/\S+/arreter/\S+/)", message.body).group(1)


def test_at_once_says_it_with_the_action_and_how_to_stop(person):
    assert tell(person)
    (message,) = outbox.outbox
    assert message.to == ["ana@exemple.test"]
    assert message.subject == "Langue"
    assert "Jeudi à 9 h." in message.body
    assert "Répondre\n\n    https://maillage.exemple/mrc/rencontres/1/" in message.body
    assert "Bonjour" in message.body
    html = message.alternatives[0][0]
    assert '<html lang="fr-CA">' in html
    assert SITE + "/mrc/rencontres/1/" in html
    assert stop_path(message).startswith("/avis/")
    assert message.extra_headers["List-Unsubscribe"] == f"<{SITE}{stop_path(message)}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_in_english_for_who_chose_english(person):
    person.language = "en"
    person.save()
    tell(person)
    (message,) = outbox.outbox
    assert message.subject == "Language"
    assert "Hello," in message.body
    assert stop_path(message).startswith("/en/avis/")
    assert '<html lang="en-CA">' in message.alternatives[0][0]


def test_never_and_weekly_are_obeyed_and_must_is_not_stopped(person):
    services.choose(person=person, choices={"essai": "never"}, by=None, via="link")
    assert not tell(person)
    assert outbox.outbox == []
    assert tell(person, must=True)
    (message,) = outbox.outbox
    assert "List-Unsubscribe" not in message.extra_headers
    assert "/arreter/" not in message.body
    services.choose(person=person, choices={"essai": "weekly"}, by=None, via="link")
    assert tell(person)
    assert len(outbox.outbox) == 1
    kept = Notice.objects.get()
    assert (kept.subject, kept.body, kept.url) == ("Langue", "Jeudi à 9 h.", SITE + "/mrc/rencontres/1/")


def test_the_habit_of_a_kind_holds_until_one_chooses(person):
    assert tell(person, kind="bilan")
    assert outbox.outbox == []
    assert Notice.objects.count() == 1


def test_nothing_without_address_nor_after_erasure_nor_of_what_is_withheld(person, monkeypatch):
    monkeypatch.setattr(
        contributions.withheld, "providers", [lambda people, references: [f"{person.pk} essai.chose:1"]]
    )
    assert not tell(person, reference="essai.chose:1")
    assert not tell(person, reference="essai.chose:1", must=True)
    assert tell(person, reference="essai.chose:2")
    assert not tell(PersonFactory(email=""))
    person.erased_at = person.created_at
    assert not tell(person)
    assert len(outbox.outbox) == 1


def test_an_unknown_kind_is_a_mistake_that_shows(person):
    with pytest.raises(LookupError):
        tell(person, kind="inconnu")
    with pytest.raises(LookupError):
        tell(PersonFactory(email=""), kind="inconnu")


def test_one_click_stops_one_kind_without_cookie_nor_csrf(person):
    tell(person)
    path = stop_path(outbox.outbox[0])
    client = Client(enforce_csrf_checks=True)
    page = client.get(path)
    assert page.status_code == 200
    assert not NoticeChoice.objects.exists(), "A GET never writes."
    for _time in range(2):  # replayed: nothing more
        assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert NoticeChoice.objects.get().when == "never"
    assert AuditEntry.objects.filter(action="alliances.notices_chosen").count() == 1
    assert services.wanted(person, "bilan") == "weekly"
    assert not tell(person)


def test_a_never_empties_what_waited(person):
    tell(person, kind="bilan")
    services.stop(person=person, kind="bilan", by=None, via="link")
    assert not Notice.objects.exists()


def test_a_dead_address_says_so(client, person):
    tell(person)
    path = stop_path(outbox.outbox[0])
    links.revoke(person=person, purpose=services.STOP)
    for address in (path, path.replace("/arreter/essai", ""), "/avis/nimporte/", "/avis/nimporte/arreter/essai/"):
        for answer in (client.get(address), client.post(address)):
            assert answer.status_code == 410
            assert "Cette adresse ne mène plus nulle part" in answer.content.decode()
    assert not NoticeChoice.objects.exists()


def test_the_page_keeps_choices_and_language(client, person):
    token = links.make(person=person, purpose=services.STOP)
    page = client.get(f"/avis/{token}/")
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Referrer-Policy"] == "same-origin"
    answer = client.post(f"/avis/{token}/", {"kind:essai": "weekly", "kind:bilan": "never", "language": "en"})
    assert answer.status_code == 302
    assert services.choices_of(person) == {"essai": "weekly", "bilan": "never"}
    person.refresh_from_db()
    assert person.language == "en"
    refused = client.post(f"/avis/{token}/", {"kind:essai": "demain", "kind:bilan": "never", "language": "fr"})
    assert refused.status_code == 422
    client.post(f"/avis/{token}/", {"stop": "1"})
    assert set(services.choices_of(person).values()) == {"never"}


def test_ones_own_page_and_nobody_elses(client, person):
    client.force_login(person.user, backend=BACKEND)
    assert client.get("/mes-avis/").headers["Location"] == f"/mes-avis/{person.uuid}/"
    PersonFactory(user=person.user, alliance=AllianceFactory(name="Alliance des Deux-Rives"))
    assert "Alliance des Deux-Rives" in client.get("/mes-avis/").content.decode()
    answer = client.post(f"/mes-avis/{person.uuid}/", {"kind:essai": "never", "kind:bilan": "never", "language": "fr"})
    assert answer.status_code == 302
    assert services.wanted(person, "essai") == "never"
    client.force_login(UserFactory(), backend=BACKEND)
    assert client.get(f"/mes-avis/{person.uuid}/").status_code == 404
    assert client.post(f"/mes-avis/{person.uuid}/", {"stop": "1"}).status_code == 404


def test_a_token_of_another_purpose_opens_nothing_here(client, person):
    token = links.make(person=person, purpose="position")
    assert client.get(f"/avis/{token}/").status_code == 410
    assert PersonLink.objects.get().revoked_at is None
