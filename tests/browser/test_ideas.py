"""From an idea to a choice, on a telephone, by keyboard alone: brought, said together with another one, discussed."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from maillage.participation.consultations import asking
from maillage.participation.ideas import services
from maillage.participation.models import Asked, Idea, IdeaComment, MergeProposal, Option
from tests.browser.inside import inside  # noqa: F401
from tests.browser.test_consultation import looked_at  # noqa: F401
from tests.browser.test_taking_part import open_until_now, receipt, tab_to
from tests.factories import RoleFactory
from tests.participation.ideas.makers import step_of


@pytest.fixture
def agent(db) -> AbstractBaseUser:
    return RoleFactory(kind="agent").person.user


@pytest.fixture
def second(agent) -> AbstractBaseUser:
    return RoleFactory(person__alliance=agent.persons.get().alliance, kind="agent").person.user


def at(step, name: str, *more: object) -> str:
    return reverse(f"participation_in:{name}", args=[step.consultation.alliance.slug, step.consultation.uuid, *more])


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def write(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_an_idea_is_brought_said_with_another_discussed_then_put_to_a_choice(inside, agent, second, looked_at):  # noqa: F811
    alliance = agent.persons.get().alliance
    step = open_until_now(step_of(alliance=alliance))

    phone, web = inside(width=390), Client()
    web.force_login(agent)
    team = inside(width=390, web=web)

    # Two ideas, each with its receipt.
    receipts = []
    for title in ("Un taxi partagé", "Partager un taxi"):
        phone.goto(at(step, "idea_propose", step.uuid))
        write(phone, "#title", title)
        press(phone, ".call")
        receipts.append(receipt(phone))
    looked_at(phone)
    ideas = [Idea.objects.get(title=title) for title in ("Un taxi partagé", "Partager un taxi")]
    for row in ideas:
        for by in (agent, second):
            services.accept(row=row, by=by, now=timezone.now())

    # The alliance proposes to say them together.
    team.goto(f"{at(step, 'idea_merge_new', step.uuid)}?numeros={','.join(str(idea.number) for idea in ideas)}")
    write(team, "#id_title", "Un taxi à partager")
    looked_at(team)
    press(team, "main form button[type=submit]")
    expect(team.locator("main")).to_contain_text("2 personnes n’ont pas encore répondu")

    # Each author agrees, with their receipt.
    for words in receipts:
        phone.goto(at(step, "idea_mine"))
        write(phone, "#recu", words.lower())
        press(phone, "main form button[type=submit]")
        expect(phone.locator("main")).to_contain_text("Un taxi à partager")
        press(phone, "button[value=agree]")
        expect(phone.locator("main [role=status]")).to_be_visible()
        if words == receipts[0]:
            looked_at(phone)
    assert MergeProposal.objects.get().state == "done"
    made = Idea.objects.get(state="shown")

    # It is discussed.
    phone.goto(at(step, "idea", step.uuid, made.number))
    write(phone, "textarea[name=text]", "Le mardi surtout.")
    looked_at(phone)
    press(phone, "#commenter button")
    expect(phone.locator("main")).to_contain_text("Votre commentaire est reçu")
    assert IdeaComment.objects.get().text == "Le mardi surtout."

    # And put to a choice, with another one.
    other = services.bring(
        step=step, title="Un autobus le mardi", came="workshop", source="rencontre", by=agent,
        now=timezone.now(),
    )  # fmt: skip
    services.accept(row=other, by=second, now=timezone.now())
    team.goto(at(step, "idea_choose", step.uuid))
    assert {made.number, other.number} == set(map(int, re.findall(r"\d+", team.locator("#id_numbers").input_value())))
    tab_to(team, "input[name=where]")
    team.keyboard.press("Space")
    write(team, "#id_why", "Celles que l’on a gardées ensemble.")
    looked_at(team)
    press(team, "main form button[type=submit]")
    expect(team.locator("main")).to_contain_text("Rien ne change tant qu’une deuxième personne")
    asking.confirm(asked=Asked.objects.get(), by=second, now=timezone.now())
    assert set(Option.objects.values_list("label", flat=True)) == {"Un taxi à partager", "Un autobus le mardi"}
