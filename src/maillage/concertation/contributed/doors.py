"""What the personal addresses of this room and of the actors' let their owner do, as its owner reads it."""

from django.utils.translation import gettext_lazy as _

from maillage.core.contributions import LinkPurpose, link_purposes

for code, label in (
    ("calendar", _("Your calendar")),
    ("meeting-answer", _("Say whether you come to a meeting")),
    ("minutes-amendments", _("Correct minutes")),
    ("position", _("Give your position on a decision")),
    ("mandates", _("Answer for your board")),
    ("task", _("Say that a task is done")),
    ("ties", _("Update the ties of your organisation")),
    ("interests", _("Declare your interests")),
):
    link_purposes.add(LinkPurpose(code, label))
