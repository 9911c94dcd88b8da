"""The kiosk: opened by a helper, held by no account; what it sends counts once, even after a cut."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.alliances.models import Role
from maillage.core.access import may
from maillage.core.models import AuditEntry
from maillage.participation.consultations import lifecycle
from maillage.participation.models import Consultation, Elector, Helper, Question, Section
from maillage.participation.results import counting
from maillage.participation.urn import marks
from maillage.participation.urn import services as urn
from maillage.participation.vocabulary import Access, Channel, Help, Kind
from maillage.participation.voting import kiosks
from tests.factories import RoleFactory, UserFactory
from tests.participation.factories import StepFactory
from tests.participation.questionnaires.makers import name
from tests.participation.voting.conftest import filled, receipt_in, url

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
JSON = {"Accept": "application/json"}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def someone(alliance, kind):
    return RoleFactory(person__alliance=alliance, kind=kind).person.user


def helper_of(consultation):
    role = RoleFactory(person__alliance=consultation.alliance, kind=Role.Kind.MEMBER)
    Helper.objects.create(
        consultation=consultation, person=role.person, help=Help.KIOSK, since=consultation.alliance.today()
    )
    return role.person.user


def opened(step, channel="kiosk") -> Client:
    client = signed_in(helper_of(step.consultation))
    client.post(url(step.consultation, "borne/ouvrir"), {"channel": channel, "promise": "1"})
    return client


def test_a_helper_opens_it_and_their_account_leaves_the_device(make):
    step = make()
    user = helper_of(step.consultation)
    client = signed_in(user)
    page = client.get(url(step.consultation, "borne")).content.decode()
    assert "ne doit pas être celle qui décide de services" in page
    answer = client.post(url(step.consultation, "borne/ouvrir"), {"channel": "kiosk", "promise": "1"})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session
    cookie = answer.cookies[kiosks.cookie_of(step.consultation)]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    held, channel, opener, device = signing.loads(cookie.value, salt=kiosks.SALT)
    assert (held, channel, opener) == (step.consultation.uuid.hex, "kiosk", user.pk)
    # Drawn at random: two kiosks opened by the same helper have nothing in common.
    assert kiosks.channel_of(step.consultation, cookie.value) == "kiosk"
    assert device != signing.loads(kiosks.open_kiosk(consultation=step.consultation, channel="kiosk", by=user),
                                   salt=kiosks.SALT)[3]  # fmt: skip
    assert [line.user_id for line in AuditEntry.objects.filter(action="participation.kiosk_opened")] == [user.pk] * 2
    page = client.get(url(step.consultation, "borne")).content.decode()
    assert "data-kiosk" in page
    assert "Pour la personne qui aide" in page
    assert "ne doit pas être celle qui décide de services" in page
    assert 'href="/' not in page.split("<main")[1].split("</main>")[0]  # nothing leads out of the kiosk


def test_help_by_telephone_keeps_the_helper_signed_in(make):
    step = make()
    client = opened(step, "helped")
    assert "_auth_user_id" in client.session
    client.post(url(step.consultation, "borne"), filled(step, {1: 6}))
    assert [one.channel for one in urn.opened(step)] == [Channel.HELPED]


def test_the_sentence_about_whoever_helps_must_be_ticked(make):
    step = make()
    client = signed_in(helper_of(step.consultation))
    refused = client.post(url(step.consultation, "borne/ouvrir"), {"channel": "kiosk"})
    assert refused.status_code == 422
    assert "Cochez la phrase" in refused.content.decode()
    assert not refused.cookies.get(kiosks.cookie_of(step.consultation))


@pytest.mark.parametrize(
    ("who", "status"),
    [("agent", 302), ("helper", 302), ("member", 403), ("observer", 403), ("stranger", 403), ("nobody", 403)],
)
def test_who_may_open_a_kiosk(make, who, status):
    step = make()
    alliance = step.consultation.alliance
    client = Client()
    if who != "nobody":
        user = {
            "agent": lambda: someone(alliance, Role.Kind.AGENT),
            "helper": lambda: helper_of(step.consultation),
            "member": lambda: someone(alliance, Role.Kind.MEMBER),
            "observer": lambda: someone(alliance, Role.Kind.OBSERVER),
            "stranger": lambda: someone(make().consultation.alliance, Role.Kind.AGENT),
        }[who]()
        client = signed_in(user)
    answer = client.post(url(step.consultation, "borne/ouvrir"), {"channel": "kiosk", "promise": "1"})
    assert answer.status_code == status
    assert bool(answer.cookies.get(kiosks.cookie_of(step.consultation))) == (status == 302)


def test_the_service_refuses_by_itself(make):
    step = make()
    with pytest.raises(PermissionDenied):
        kiosks.open_kiosk(consultation=step.consultation, channel="kiosk", by=UserFactory())


@pytest.mark.parametrize("state", ["draft", "closed", "published"])
def test_it_opens_only_while_the_consultation_is_open(make, state):
    step = make(state=state)
    client = signed_in(someone(step.consultation.alliance, Role.Kind.AGENT))
    answer = client.post(url(step.consultation, "borne/ouvrir"), {"channel": "kiosk", "promise": "1"})
    assert not answer.cookies.get(kiosks.cookie_of(step.consultation))


def test_opening_asks_for_the_token_against_forged_requests(make):
    step = make()
    client = Client(enforce_csrf_checks=True)
    client.force_login(helper_of(step.consultation), backend=BACKEND)
    assert client.post(url(step.consultation, "borne/ouvrir"), {"channel": "kiosk", "promise": "1"}).status_code == 403


def test_a_ballot_of_a_kiosk_says_so_and_counts_once(make):
    step = make(access=Access.SITE)
    client = opened(step)
    for _ in "12":
        answer = client.post(url(step.consultation, "borne"), filled(step, {1: 6}), headers=JSON)
        assert answer.json()["state"] == "counted"
    assert [one.channel for one in urn.opened(step)] == [Channel.KIOSK]


def test_without_a_script_the_page_after_goes_back_by_itself(make):
    step = make()
    sent = opened(step).post(url(step.consultation, "borne"), filled(step, {1: 6}))
    assert receipt_in(sent)
    assert sent["Refresh"] == f"45; url={url(step.consultation, 'borne')}"
    assert 'type="email"' not in sent.content.decode()


def test_a_kiosk_still_asks_for_the_code(make):
    step = make(access=Access.CODES)
    client = opened(step)
    assert (
        client.post(url(step.consultation, "borne"), filled(step, {1: 6}), headers=JSON).json()["state"]
        == "code_missing"
    )
    code = marks.new_code()
    Elector.objects.create(consultation=step.consultation, mark=marks.code_mark(step.consultation, code))
    sent = client.post(url(step.consultation, "borne"), filled(step, {1: 6}, code=code), headers=JSON)
    assert sent.json()["state"] == "counted"


def test_what_waited_is_taken_during_the_minutes_left_and_nobody_is_asked_any_more(make):
    step = make(kiosk_grace=60)
    client = opened(step)
    Consultation.objects.filter(pk=step.consultation_id).update(closes_at=timezone.now() - dt.timedelta(minutes=5))
    page = client.get(url(step.consultation, "borne")).content.decode()
    assert "data-ballot" not in page
    assert "data-queue" in page  # what waits still leaves
    assert client.post(url(step.consultation, "borne"), filled(step, {1: 6}), headers=JSON).json()["state"] == "counted"
    Consultation.objects.filter(pk=step.consultation_id).update(closes_at=timezone.now() - dt.timedelta(minutes=61))
    late = client.post(url(step.consultation, "borne"), filled(step, {2: 6}), headers=JSON)
    assert late.json()["state"] == "closed"


def test_an_option_withdrawn_meanwhile_does_not_hold_a_ballot_that_waited(make):
    step = make()
    client = opened(step)
    step.options.filter(number=2).update(withdrawn_at=timezone.now(), withdrawn_why="Fait.")
    parcel = filled(step, {1: 6, 2: 5}, as_is="1", blank="1")
    assert client.post(url(step.consultation, "borne"), parcel, headers=JSON).json()["state"] == "counted"
    assert [one.content for one in urn.opened(step)] == ["[6,0,0]"]


def test_a_device_that_is_no_kiosk_sends_nothing(make):
    step, other = make(access=Access.SITE), make()
    client = Client()
    for token in ("", "made-up", kiosks.open_kiosk(
        consultation=other.consultation, channel="kiosk", by=someone(other.consultation.alliance, Role.Kind.AGENT)
    )):  # fmt: skip
        client.cookies[kiosks.cookie_of(step.consultation)] = token
        answer = client.post(url(step.consultation, "borne"), filled(step, {1: 6}), headers=JSON)
        assert (answer.status_code, answer.json()["state"]) == (401, "shut")
    assert urn.ballots_so_far(step) == 0


def test_another_site_cannot_use_the_kiosk_of_a_browser(make):
    step = make(access=Access.SITE)
    client = opened(step)
    headers = {"Origin": "https://ailleurs.test"}
    assert client.post(url(step.consultation, "borne"), filled(step, {1: 6}), headers=headers).status_code == 403
    assert urn.ballots_so_far(step) == 0


@pytest.mark.parametrize("ended", ["trust", "role", "account"])
def test_a_device_stops_with_the_trust_in_whoever_opened_it(make, ended):
    step = make(access=Access.SITE)
    user = helper_of(step.consultation)
    client = signed_in(user)
    client.post(url(step.consultation, "borne/ouvrir"), {"channel": "kiosk", "promise": "1"})
    yesterday = step.consultation.alliance.today() - dt.timedelta(days=1)
    if ended == "trust":
        Helper.objects.update(since=yesterday, until=yesterday + dt.timedelta(days=1))
    elif ended == "role":
        Role.objects.filter(person__user=user).update(since=yesterday, until=yesterday + dt.timedelta(days=1))
    else:
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    answer = client.post(url(step.consultation, "borne"), filled(step, {1: 6}), headers=JSON)
    assert (answer.status_code, answer.json()["state"]) == (401, "shut"), "what waits stays on it, unreadable"
    assert urn.ballots_so_far(step) == 0


def test_a_facilitator_who_tries_to_see_a_vote_finds_nothing(make):
    """While it is open: on the kiosk after « I am done », on the pages of a helper, on those of the team."""
    step = make(changeable=True, access=Access.OPEN)
    consultation = step.consultation
    device = opened(step)
    said = "La réponse que personne ne lit"
    part = questionnaire(consultation)
    sent = device.post(
        url(consultation, "borne"),
        {"nonce": "n" * 24, "steps": f"{step.pk} {part.section.step_id}", f"s{step.pk}-o1": "6", name(part): said},
    )
    receipt = receipt_in(sent)
    assert receipt
    helper, agent = signed_in(helper_of(consultation)), signed_in(someone(consultation.alliance, Role.Kind.AGENT))
    args = {"slug": consultation.alliance.slug, "key": consultation.uuid}
    for client in (device, helper, agent):
        for page in ("consultation", "ballot", "kiosk", "sent", "receipt", "results", "steps", "access", "voids",
                     "consultation_publish"):  # fmt: skip
            answer = client.get(reverse(f"participation_in:{page}", kwargs=args))
            assert said not in answer.content.decode(), page
            assert receipt not in answer.content.decode(), page
        took = client.post(reverse("participation_in:consultation_export", kwargs=args))
        assert said.encode() not in took.content
    assert helper.get(url(consultation, "resultats")).status_code == 403
    # With a receipt of their own making, nothing either.
    tried = helper.post(url(consultation), {"load": "1", "receipt": "SAULE 00 RIVE 00 LUNE 00"})
    assert tried.status_code == 404
    assert said not in tried.content.decode()


def questionnaire(consultation) -> Question:
    step = StepFactory(consultation=consultation, kind=Kind.QUESTIONNAIRE, method="", counting="")
    section = Section.objects.create(step=step, title="Vos mots")
    return Question.objects.create(section=section, kind=Question.Kind.TEXT, label="Que vivez-vous?")


def test_closing_it_makes_the_device_an_ordinary_one(make):
    step = make()
    client = opened(step)
    client.post(url(step.consultation, "borne/fermer"))
    assert "connexion" in client.get(url(step.consultation, "borne"))["Location"]


def test_the_kiosk_knows_no_limit_of_the_network(make, monkeypatch):
    from maillage.participation.voting import limits

    step = make()
    client = opened(step)
    monkeypatch.setattr(limits, "ballots", limits.Turnstile(1))
    for nonce in "abc":
        sent = client.post(url(step.consultation, "borne"), filled(step, {1: 6}, nonce=nonce * 24), headers=JSON)
        assert sent.json()["state"] == "counted"


def test_the_worker_sees_the_kiosk_s_address_alone_and_runs_nothing_else(make):
    step = make()
    address = url(step.consultation, "borne") + "veille.js"
    page = opened(step).get(url(step.consultation, "borne")).content.decode()
    assert f'data-worker="{address}"' in page
    script = Client().get(address)
    assert script["Content-Type"] == "text/javascript; charset=utf-8"
    assert script["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert script["Cache-Control"] == "no-store"
    assert "Service-Worker-Allowed" not in script  # its scope is the folder of its own address
    assert 'request.method !== "GET"' in script.content.decode()  # no ballot, no receipt goes through it
    assert Client().post(address).status_code == 405


@pytest.mark.parametrize("channel", ["kiosk", "helped"])
def test_whoever_helps_sees_no_answer_by_any_page_even_with_the_receipt(make, channel):
    """Not over the shoulder, which no program prevents: afterwards, with their account, the device and the receipt."""
    step = make(access=Access.SITE)
    consultation, user = step.consultation, helper_of(step.consultation)
    device, own = signed_in(user), signed_in(user)
    device.post(url(consultation, "borne/ouvrir"), {"channel": channel, "promise": "1"})
    receipt = receipt_in(device.post(url(consultation, "borne"), filled(step, {2: 6})))
    assert receipt

    def every_answer() -> list[str]:
        asked = [
            lambda reader: reader.get(url(consultation, "borne")),
            lambda reader: reader.get(url(consultation)),
            lambda reader: reader.post(url(consultation, "recu"), {"receipt": receipt}),
            lambda reader: reader.post(url(consultation, "borne"), {"receipt": receipt, "load": "1"}),
            lambda reader: reader.post(url(consultation), {"receipt": receipt, "load": "1"}),
            lambda reader: reader.get(url(consultation, "resultats")),
            lambda reader: reader.get(f"{url(consultation, 'resultats')}0/tableau.xlsx"),
            lambda reader: reader.get(f"{url(consultation, 'resultats')}0/resultats.pdf"),
        ]
        answers = [ask(reader) for ask in asked for reader in (device, own)]
        # The files and the page of results are for nobody yet; no form comes back filled in.
        assert all(answer.status_code in {302, 403, 404} for answer in answers[-6:])
        return [answer.content.decode() for answer in answers if answer.status_code != 302]

    def says_nothing() -> None:
        for text in every_answer():
            assert not re.search(r'value="6"[^>]* checked', text)
            assert "[0,6,0]" not in text

    says_nothing()
    lifecycle.close_consultation(consultation=consultation, by=None, now=timezone.now())
    urn.open_urn(step, now=timezone.now())
    counting.count(step, now=timezone.now())
    says_nothing()
    assert not may(user, "participation.run", Consultation.objects.get(pk=consultation.pk))
