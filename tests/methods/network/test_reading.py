"""The reading as a whole, and its words."""

import re
from datetime import date

import pytest

from maillage.methods.network.chapters import Subject, chapters
from maillage.methods.network.network import Actor, Network, Tie
from maillage.methods.network.reading import reading
from maillage.methods.network.words import words
from maillage.methods.sentences import NBSP
from tests.methods.network.made import KITE, for_any_network, made, named, shuffled

SECTORS = {"food": "ABCD", "housing": "EFG", "transport": "HIJ"}


def said(network: Network, language: str = "en", **options) -> list[str]:
    return [line.said(language).replace(NBSP, " ") for line in words(reading(network, **options))]


def test_the_kite_in_words():
    assert said(named(KITE, SECTORS, alone="KL")) == [
        "12 actors.",
        "18 ties, 27.3% of all the possible ones.",
        "All the actors who have a tie hold together: from tie to tie, each can reach the others.",
        "3 circles of actors have more ties among themselves than chance would give.",
        "9 of the 18 ties join two sectors (50%).",
        "Sectors meet less than if ties were made at random (73%).",
        "No known tie joins food and transport.",
        "F links 2 other sectors.",
        "G links 2 other sectors.",
        "The shortest ways from one actor to another pass most often through: H, F and G.",
        "Without H, 2 actors would be cut off from the others: I and J.",
        "Without I, 1 actor would be cut off from the others: J.",
        "The tie between H and I alone joins 2 actors to 8 others.",
        "2 actors without a known tie: K and L.",
        "1 actor with a single tie: J.",
    ]


def test_subjects_come_with_a_heading_in_french_and_names_of_codes():
    found = chapters(reading(named(KITE, SECTORS, alone="KL")), {"food": "Alimentation", "transport": "Transport"})
    by_subject = {chapter.subject: chapter for chapter in found}
    assert by_subject[Subject.TO_REACH].heading.said("fr") == "Acteurs à rejoindre"
    assert by_subject[Subject.APART].lines[0].said("fr") == "Aucun lien connu ne relie Alimentation et Transport."
    assert Subject.CHANGE not in by_subject


def test_elected_wanted_and_change_are_told():
    network = Network(
        (
            Actor("m", "food", "municipality", "MRC", name="MRC des Deux-Rivières"),
            Actor("c", "food", "community", "ville", name="Le Grenier", since=date(2025, 6, 1)),
        ),
        (Tie("m", "c", since=date(2026, 1, 1)),),
    )
    lines = said(
        network,
        "fr",
        day=date(2026, 2, 1),
        since=date(2025, 1, 1),
        wanted={("", "citizens", ""): 2, ("food", "", ""): 1},
    )
    assert "1 lien relie une municipalité et un organisme communautaire." in lines
    assert "MRC, municipalités qui ont un tel lien : 1 sur 1." in lines
    assert "citizens : 0 déjà là, encore 2 à inviter." in lines
    assert "Acteurs : 1 de plus, 0 de moins, 1 toujours là." in [
        line.replace("\N{NO-BREAK SPACE}", " ") for line in lines
    ]
    assert not any("2 à inviter" in line for line in said(network, "fr", wanted={("food", "", ""): 1}))
    with pytest.raises(ValueError, match="day"):
        reading(network, since=date(2025, 1, 1))


@for_any_network
def test_any_network_is_read_and_said_in_both_languages(network):
    found = reading(network, draws=9)
    for language in ("fr", "en"):
        for line in words(found):
            assert not re.search(r"%\(|None|nan", line.said(language))
    assert words(reading(shuffled(network, 5), draws=9)) == words(found)
    told = " ".join(map(str, words(found)))
    assert not re.search(r"isolat|weak|poor|bad|fail", told)
    # Whoever has no known tie is to be reached out to.
    assert (
        bool(found.to_reach) == any(chapter.subject == Subject.TO_REACH for chapter in chapters(found))
        or found.by_one_tie
    )


def test_nobody_and_one_actor():
    assert said(Network(()), "fr") == ["Il n’y a encore aucun acteur."]
    assert said(Network((Actor("x", name="Le Grenier"),)), "en") == [
        "1 actor.",
        "No tie is known yet.",
        "1 actor without a known tie: Le Grenier.",
    ]


def test_above_two_thousand_actors_the_words_say_that_it_is_an_estimate():
    lines = said(made(2100, 5000), "fr", draws=9)
    assert any("500 acteurs tirés au sort" in line for line in lines)
    assert not any("tirés au sort" in line for line in said(made(200, 500), "fr", draws=9))


def test_sectors_apart_are_counted_beyond_a_few():
    apart = Network(tuple(Actor(f"a{i}", f"s{i}") for i in range(6)), (Tie("a0", "a1"),))
    lines = said(apart)
    # 15 pairs of sectors: one has a single tie, the others none.
    assert "10 other pairs of sectors have one tie at most." in lines
    assert sum(line.startswith("No known tie") for line in lines) == 5
    assert "4 actors without a known tie: a2, a3, a4 and a5." in lines
