"""No citizen can be guessed from a published decision, not even by subtraction; organisations stay counted."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from maillage.actors.interests import services as interests
from maillage.concertation.decisions import services
from maillage.concertation.decisions.selectors import picture_of
from maillage.concertation.models import SeatPlan
from maillage.core import contributions
from tests.concertation.decisions.world import NOW, SITE, hold, member, table
from tests.factories import ActorFactory, SeatFactory

pytestmark = pytest.mark.django_db


def decided(stands, *, organisations=7, publish=True, **fields):
    """Seven organisations agree; each citizen of the college says one of ``stands`` (empty: says nothing)."""
    t = table(organisations)
    SeatPlan.objects.create(space=t.space, college="citizens", seats=len(stands))
    seat = SeatFactory(space=t.space, actor=ActorFactory(alliance=t.alliance, type="citizens", name="Collège citoyen"))
    t.citizens = [member(t.alliance) for _ in stands]
    holders = [hold(seat, person) for person in t.citizens]
    t.open(**fields)
    for index in range(organisations):
        t.say(index, "agree")
    for person, holder, stand in zip(t.citizens, holders, stands, strict=True):
        if stand == "withdrawn":
            interests.withdraw(
                person=person, reference=t.decision.reference, reason="other", by=person.user, now=NOW,
                actor=seat.actor, public_words="Mon frère y travaille.",
            )  # fmt: skip
        elif stand:
            services.take_position(
                decision=t.decision, key=(seat.pk, holder.pk), person=person, stand=stand, by=person.user, now=NOW,
                why="Trop peu." if stand in {"objection", "reservation"} else "",
            )  # fmt: skip
    t.close()
    if publish:
        services.publish_decision(decision=t.decision, by=t.people[0].user, now=NOW)
        t.decision.refresh_from_db()
    return t


def page(client, t):
    return client.get(t.decision.get_absolute_url()).content.decode().replace("\u00a0", " ")


def exported(t):
    tables = {one.name: one for one in contributions.exports.collect(t.alliance, None, t.alliance.today())}
    return dict(zip(tables["decisions"].header, next(iter(tables["decisions"].rows())), strict=True))


def in_csv(client, t):
    response = client.get(reverse("concertation_in:decisions_file", args=[t.alliance.slug, "csv"]))
    found = b"".join(response.streaming_content) if response.streaming else response.content
    return next(iter(csv.DictReader(io.StringIO(found.decode("utf-8-sig")), delimiter=_delimiter(found))))


def _delimiter(found):
    return ";" if b";" in found.splitlines()[0] else ","


SMALL = [
    ["agree", "agree"],
    ["agree", "withdrawn"],
    ["agree", "agree", "agree", "withdrawn"],
    ["agree", "agree", "agree", "abstain"],
    ["agree", "agree", "agree", "agree"],
    ["agree", "agree", "agree", ""],
    ["agree"] * 11 + ["withdrawn"],
]


@pytest.mark.parametrize("stands", SMALL)
def test_a_small_college_or_a_lone_citizen_is_in_no_figure(client, stands):
    t = decided(stands)
    words = page(client, t)
    assert "Des 7 positions dites ici, 7 sont favorables" in words
    assert "Mon frère" not in words
    assert "Se sont retirés" not in words
    assert "sièges" not in words.split("Qui a dit quoi")[1].split("</section>")[0]
    assert f"de {len(stands)} personnes citoyennes" in words
    register = client.get(reverse("concertation_in:decisions", args=[t.alliance.slug])).content.decode()
    tally = register.split("mini-tally")[1].split("</p>")[0]
    assert ("<b>7</b>" in tally, tally.count("<b>")) == (True, 1)
    row = exported(t)
    figures = ("agree", "reservation", "objection", "abstain", "withdrawn", "seats", "present", "citizens_apart")
    assert [row[name] for name in figures] == [7, 0, 0, 0, 0, 7 + len(stands), None, len(stands)]
    line = in_csv(client, t)
    assert "7" in line.values()
    assert str(7 + sum(stand == "agree" for stand in stands)) not in line.values()


def test_every_public_figure_is_the_same_whatever_the_four_citizens_said(client):
    """What is published of two tables that differ by their citizens only cannot be told apart."""
    seen = set()
    for stands in (["agree"] * 4, ["agree", "agree", "abstain", "withdrawn"], ["abstain"] * 4):
        t = decided(stands)
        row = exported(t)
        picture = picture_of(t.decision, inside=False, day=t.alliance.today(NOW))
        groups = [(group.stand, group.count, len(group.lines)) for group in picture.groups]
        seen.add((str(sorted((k, v) for k, v in row.items() if k not in {"id", "space_id"})), str(groups)))
    assert len(seen) == 1


def test_a_large_college_whose_counts_are_large_is_told(client):
    t = decided(["agree"] * 6 + ["abstain"] * 5)
    words = page(client, t)
    assert "13 membres sur 18 sont d’accord" in words
    assert "sièges : 6 sur 11" in words
    assert (exported(t)["agree"], exported(t)["abstain"], exported(t)["citizens_apart"]) == (13, 5, 0)


def test_the_threshold_is_the_alliance_s():
    t = decided(["agree"] * 6 + ["abstain"] * 5)
    t.alliance.threshold = 6
    t.alliance.save()
    assert exported(t)["agree"] == 7


def test_a_decision_of_seven_organisations_says_its_count(client):
    t = table(7)
    t.open()
    for index in range(6):
        t.say(index, "agree")
    t.say(6, "abstain")
    t.close()
    services.publish_decision(decision=t.decision, by=t.people[0].user, now=NOW)
    t.decision.refresh_from_db()
    assert "6 membres sur 7 sont d’accord" in page(client, t)
    assert (exported(t)["agree"], exported(t)["abstain"], exported(t)["present"]) == (6, 1, 7)


def test_a_citizen_s_objection_is_published_whole_and_nothing_else_of_the_college(client):
    t = decided(["agree", "agree", "withdrawn", "objection"], rule="majority")
    words = page(client, t)
    assert "Des 8 positions dites ici, 7 sont favorables" in words
    assert "Trop peu." in words
    assert exported(t)["objection"] == 1
    assert "pour, 1 contre" not in words
    assert "Plus de membres sont d’accord que d’avis contraire" in words


def test_those_who_sit_there_read_everything(client):
    t = decided(["agree", "agree", "agree", "withdrawn"])
    client.force_login(t.people[0].user)
    words = page(client, t)
    assert "Les 10 membres qui ont pris position sont d’accord" in words
    assert "sièges : 3 sur 4" in words
    assert "10" in in_csv(client, t).values()
    client.force_login(t.citizens[3].user)
    assert "10" not in in_csv(client, t).values(), "whoever withdrew reads what the public reads"
    assert "sièges : 3 sur 4" not in page(client, t)


def test_the_quorum_lost_by_a_citizen_s_withdrawal_does_not_tell_it(client):
    from maillage.concertation.decisions import words

    t = decided(["agree", "agree", "agree", "withdrawn"])
    assert SITE
    for reason in ("quorum", "quorum-lost"):
        result = words.result_of({**t.decision.tally, "reason": reason})
        assert words.explanation(result, None, figures=False) == "Le quorum n’est pas atteint."
