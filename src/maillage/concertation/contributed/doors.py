"""What the personal addresses of this room and of the actors' let their owner do, as its owner reads it."""

from django.utils.translation import gettext_lazy as _

from maillage.core.contributions import LinkHolder, LinkPurpose, link_purposes

for code, label, open_to in (
    ("calendar", _("Your calendar"), LinkHolder.ROLE),
    ("meeting-answer", _("Say whether you come to a meeting"), LinkHolder.GUEST),
    ("minutes-amendments", _("Correct minutes"), LinkHolder.GUEST),
    ("position", _("Give your position on a decision"), LinkHolder.ROLE),
    ("mandates", _("Answer for your board"), LinkHolder.ROLE),
    ("task", _("Say that a task is done"), LinkHolder.GUEST),
    ("ties", _("Update the ties of your organisation"), LinkHolder.GUEST),
    ("interests", _("Declare your interests"), LinkHolder.ROLE),
):
    link_purposes.add(LinkPurpose(code, label, open_to))
