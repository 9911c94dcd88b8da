"""``{% load minutes %}``: what minutes say in words."""

from __future__ import annotations

from typing import Any

from django import template

from maillage.concertation.minutes import words

register = template.Library()


@register.filter
def decision_words(decision: dict[str, Any]) -> str:
    return words.decision_words(decision)


@register.filter
def task_words(task: dict[str, Any]) -> str:
    return words.task_words(task)


@register.filter
def people_words(people: Any) -> str:
    return words.people_words(people)
