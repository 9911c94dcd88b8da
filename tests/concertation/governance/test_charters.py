"""The charter: written, adopted by a decision of the space, revised, compared."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from maillage.actors.models import Withdrawal
from maillage.alliances.models import Person
from maillage.concertation.governance import services
from maillage.concertation.governance.selectors.texts import charters_of, compare, in_force
from maillage.concertation.models import Charter, Decision
from tests.concertation.governance.factories import CharterFactory, SeatHolderFactory
from tests.factories import AllianceFactory, SeatFactory, SpaceFactory, signed_in, user_with

pytestmark = pytest.mark.django_db
FIRST, SECOND = dt.date(2025, 3, 1), dt.date(2026, 5, 1)


@pytest.fixture
def alliance():
    return AllianceFactory(slug="rivieres")


@pytest.fixture
def agent(alliance):
    return user_with(alliance)


@pytest.fixture
def space(alliance):
    return SpaceFactory(alliance=alliance, name="Table Logement")


def decided(space, number, **values):
    values = {"state": "closed", "outcome": "adopted"} | values
    values.setdefault("is_public", values["state"] == "closed")
    return Decision.objects.create(
        alliance=space.alliance, space=space, year=2026, number=number, title="Adopter la charte", sort_key="adopter",
        closed_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC), **values,
    )  # fmt: skip


def write(space, agent, text):
    return services.write_charter(space=space, text=text, by=agent)


def test_a_charter_is_in_force_once_a_decision_adopted_it(space, agent):
    draft = write(space, agent, "Premier texte")
    assert in_force(charters_of(space, inside=True), FIRST) is None
    services.adopt_charter(charter=draft, decision=decided(space, 3), by=agent, on=FIRST)
    second = write(space, agent, "Second texte")
    assert second.number == 2
    services.adopt_charter(charter=second, decision=decided(space, 12), by=agent, on=SECOND)
    rows = charters_of(space, inside=False)
    assert [(row.number, row.since, row.until) for row in rows] == [(2, SECOND, None), (1, FIRST, SECOND)]
    assert in_force(rows, dt.date(2026, 4, 30)).number == 1
    assert in_force(rows, SECOND).number == 2


def test_the_version_in_preparation_is_corrected_and_adopted_ones_never(space, agent):
    first = write(space, agent, "Un")
    assert write(space, agent, "Deux") == first
    services.adopt_charter(charter=first, decision=decided(space, 3), by=agent, on=FIRST)
    write(space, agent, "Trois")
    assert list(Charter.objects.order_by("number").values_list("number", "text")) == [(1, "Deux"), (2, "Trois")]
    first.refresh_from_db()
    with pytest.raises(ValidationError, match="déjà adoptée"):
        services.adopt_charter(charter=first, decision=decided(space, 4), by=agent, on=SECOND)


def test_only_a_decision_that_adopted(space, agent):
    draft = write(space, agent, "Un")
    for decision in (
        decided(space, 1, state="open", outcome=""), decided(space, 2, outcome="rejected"),
        decided(SpaceFactory(), 3),
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            services.adopt_charter(charter=draft, decision=decision, by=agent, on=FIRST)
    with pytest.raises(ValidationError, match="au plus tôt"):
        services.adopt_charter(charter=draft, decision=decided(space, 4), by=agent, on=SECOND, since=FIRST)


def test_a_member_writes_and_adopts_nothing(space, alliance, agent):
    member = user_with(alliance, "member")
    with pytest.raises(PermissionDenied):
        write(space, member, "Un")
    with pytest.raises(PermissionDenied):
        services.adopt_charter(charter=write(space, agent, "Un"), decision=decided(space, 1), by=member, on=FIRST)


def test_too_long_or_empty_is_refused(space, agent):
    for text in ("  ", "a" * 50_001):
        with pytest.raises(ValidationError):
            write(space, agent, text)


def test_what_changed_word_by_word():
    pieces = compare("Un mot reste.\n\nLa pause dure dix minutes.\n", "Un mot reste.\n\nLa pause dure vingt minutes.\n")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Un mot reste.\n\n"), ("same", "La pause dure "), ("gone", "dix"), ("new", "vingt"),
        ("same", " minutes.\n"),
    ]  # fmt: skip
    assert "".join(piece.text for piece in pieces if piece.kind != "gone").endswith("vingt minutes.\n")


def test_two_very_long_texts_are_compared_in_time():
    older = "\n".join(f"ligne {n} du texte de la charte" for n in range(1_500))
    newer = older.replace("ligne 700 ", "ligne sept cents ")
    assert {piece.kind for piece in compare(older, newer)} == {"same", "gone", "new"}
    assert compare("mot " * 12_000, "autre " * 12_000)[0].kind == "gone"


# Pages


def page_of(client, name, space, *args, **asked):
    return client.get(reverse(f"concertation_in:{name}", args=[space.alliance.slug, space.uuid, *args]), asked)


def test_the_public_reads_the_one_in_force_and_never_a_draft(client, space, agent):
    services.adopt_charter(
        charter=write(space, agent, "## Ensemble\n\n- Chaque voix compte"),
        decision=decided(space, 12),
        by=agent,
        on=FIRST,
    )
    write(space, agent, "Brouillon secret")
    page = page_of(client, "charter", space).content.decode()
    assert "<li>Chaque voix compte</li>" in page
    assert "adoptée par la décision 2026-12 le 1er\u00a0mars 2025" in page
    assert "Brouillon" not in page
    assert page_of(client, "charter_version", space, 2).status_code == 404
    assert page_of(client, "charter_compare", space).status_code == 404
    assert "Brouillon" in page_of(signed_in(client, space.alliance), "charter_version", space, 2).content.decode()


def test_what_is_written_is_made_safe(client, space):
    CharterFactory(
        space=space, adopted_on=FIRST, since=FIRST, text="<script>alert(1)</script> [x](javascript:alert(1))"
    )
    page = page_of(client, "charter", space).content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_the_comparison_is_said_to_those_who_do_not_see_it(client, space):
    for number, text in ((1, "Dix minutes"), (2, "Vingt minutes")):
        CharterFactory(space=space, number=number, text=text, adopted_on=FIRST, since=FIRST)
    page = page_of(client, "charter_compare", space).content.decode()
    assert "<del>" in page
    assert "<ins>" in page
    assert "retiré\N{NO-BREAK SPACE}:" in page
    assert page_of(client, "charter_compare", space, de="9").status_code == 404
    assert page_of(client, "charter_compare", space, de="x").status_code == 404


def test_the_first_text_is_suggested_and_a_refused_form_keeps_it(client, space):
    signed_in(client, space.alliance)
    page = page_of(client, "charter_write", space).content.decode()
    assert "Prévenir les conflits" in page
    address = reverse("concertation_in:charter_write", args=[space.alliance.slug, space.uuid])
    page = client.post(address, {"text": "Notre texte", "language": "de"}).content.decode()
    assert "Notre texte" in page
    client.post(address, {"text": "Notre texte", "language": "fr"})
    assert Charter.objects.get().text == "Notre texte"


def test_the_agent_adopts_from_the_page(client, space, agent):
    write(space, agent, "Un")
    decision, other = decided(space, 12), decided(space, 13, outcome="rejected")
    signed_in(client, space.alliance)
    address = reverse("concertation_in:charter_adopt", args=[space.alliance.slug, space.uuid, 1])
    assert client.post(address, {"decision": other.pk, "on": "2026-05-01"}).status_code == 200
    client.post(address, {"decision": decision.pk, "on": "2026-05-01"})
    assert Charter.objects.get().decision == decision


def test_whoever_withdrew_is_not_led_to_the_decision(client, space, alliance):
    decision = decided(space, 12, is_public=False)
    CharterFactory(space=space, adopted_on=FIRST, since=FIRST, decision=decision)
    member = user_with(alliance, "member")
    person = Person.objects.get(user=member)
    SeatHolderFactory(seat=SeatFactory(space=space), person=person)
    assert page_of(client, "charter", space).context["decision_url"] == ""
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    assert page_of(client, "charter", space).context["decision_url"]
    Withdrawal.objects.create(alliance=alliance, person=person, reference=decision.reference, reason="other")
    assert page_of(client, "charter", space).context["decision_url"] == ""
