"""The words of the pages where one brings an idea and comes back to it: an agent may write them in any language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.voting.words import TEXTS

OURS: dict[str, str | Promise] = {
    "idea_title": _("Bring an idea"),
    "idea_lede": _("What would help? A few words are enough. It is your idea: no need to know what it costs."),
    "idea_safe": _("No account. Your name is not asked, and the hour is not noted."),
    "idea_names": _("Name nobody. Everyone will read it."),
    "idea_problem": _("The problem to solve"),
    "idea_which": _("Which problem does it answer?"),
    "idea_words": _("My idea, in a few words"),
    "idea_how": _("How it would work"),
    "idea_how_hint": _("If you wish. What would be done, where, with whom."),
    "idea_rules": _("Rules of moderation"),
    "idea_before": _("Two people read it before everyone sees it. To refuse it, they say why."),
    "idea_after": _(
        "Everyone sees it at once, unless many wait to be read. Two people then read it. To refuse it, they say why."
    ),
    "idea_send": _("Send my idea"),
    "idea_all": _("See all the ideas"),
    "idea_thanks": _("Thank you. Your idea is received."),
    "idea_already": _("It had already arrived: it is kept once."),
    "idea_number": _("It has the number {n}."),
    "idea_receipt": _(
        "Here is your receipt. Take a picture of it, print this page or write it down: nobody can give it again. "
        "It alone says that the idea is yours."
    ),
    "idea_receipt_why": _(
        "Come back with it to see what became of your idea. If others have the same idea, you may be asked to say them "
        "together: nothing is merged without your agreement."
    ),
    "idea_mine": _("Come back to my idea"),
    "idea_mine_lede": _("With your receipt: see what became of it, answer a proposal, take it back."),
    "idea_look": _("Find my idea"),
    "idea_unknown": _("No idea has this receipt."),
    "idea_state": pgettext_lazy("idea", "Where it stands"),
    "idea_yours": _("Your idea, number {n}"),
    "idea_see": _("See it on the page of ideas"),
    "idea_see_merged": _("See the idea that says them together"),
    "idea_why": _("Why: {reason}."),
    "idea_merge": _("Say it together with others?"),
    "idea_merge_text": _(
        "The alliance proposes to say your idea together with those below, in these words. You decide. Answer until "
        "{date}, that day included."
    ),
    "idea_merge_others": _("With these ideas"),
    "idea_merge_words": _("The words proposed"),
    "idea_merge_rule": _(
        "If you agree and others do not, it is done with those who agree, two ideas at least. If you refuse, or do "
        "not answer, your idea stays as it is."
    ),
    "idea_agree": _("I agree"),
    "idea_disagree": _("I refuse: my idea stays as it is"),
    "idea_agreed": _("You agreed. You may still change your answer."),
    "idea_refused": _("You refused. You may still change your answer."),
    "idea_answer_kept": _("Your answer is kept."),
    "idea_take_back": _("Take my idea back"),
    "idea_take_back_text": _(
        "What it said is erased from this site, with what was said of it. What is already printed or copied cannot be "
        "taken back, nor an option that people are already choosing from. An idea made of several stays, since others "
        "agreed to it."
    ),
    "idea_take_back_do": _("Erase my idea"),
    "idea_taken_back": _("Your idea is taken back."),
    "idea_taken_back_text": _("What it said is no longer here."),
    "idea_site_only": _("Ideas are brought on site: at a workshop, or on paper."),
}
TEXTS.update(OURS)
