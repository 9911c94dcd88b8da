"""How a command starts, and the language of what it prints: French where the terminal is, else English.

The help of the commands stays in English: it is read before anything is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import IO, Any

import click


def language(environment: Mapping[str, str] | None = None) -> str:
    """``fr`` or ``en``, as the system would choose: the first of these variables that says something.

    >>> language({"LC_ALL": "", "LC_MESSAGES": "fr_CA.UTF-8", "LANG": "en_CA.UTF-8"})
    'fr'
    """
    found = os.environ if environment is None else environment
    said = next((found[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if found.get(name)), "")
    return "fr" if said.lower().startswith("fr") else "en"


class Refusal(click.ClickException):
    """What stops a command: one sentence that says what to do, after « Error » in its reader's language."""

    def __init__(self, sentence: str) -> None:
        from django.utils.translation import gettext as _

        super().__init__(sentence)
        # Put in words now: the language of the command is over when click shows it.
        self.line = _("Error: %(sentence)s") % {"sentence": sentence}

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.line, file=file, err=file is None)


def start() -> None:
    """Django, and the terminal's language until the command ends. First line of every command that prints."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        # Before the settings there are no translations: these sentences name a variable, in English.
        raise click.ClickException(str(error)) from None
    from django.utils import translation

    click.get_current_context().with_resource(translation.override(language()))


def address(find: Callable[[], str]) -> str:
    """An address to print, in the instance's own language: the one that every alliance offers."""
    from django.conf import settings
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        return find()


def confirm(question: str) -> None:
    """Ask before what cannot be undone; stops the command unless the answer is yes."""
    from django.utils.translation import gettext as _
    from django.utils.translation import pgettext

    yes = pgettext("answer", "y")
    answer = click.prompt(f"{question} [{yes}/N]", default="", show_default=False)
    if answer.strip().lower() not in {"y", "yes", "o", "oui"}:
        raise Refusal(_("Nothing was done."))
