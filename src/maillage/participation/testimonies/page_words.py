"""The words of the page where one testifies: an agent may write them in any language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.participation.voting.words import TEXTS

OURS: dict[str, str | Promise] = {
    "testify_title": _("Tell what you live"),
    "testify_lede": _("In your own words, or with your voice. As short or as long as you want. It is your choice."),
    "testify_safe": _("No account. Your name is not asked, and the hour is not noted."),
    "testify_names": _("Name nobody. Say nothing by which you do not want to be recognised."),
    "testify_text": _("In writing"),
    "testify_voice": _("With your voice"),
    "testify_voice_hint": _(
        "A sound of about {minutes} minutes at most. Your voice can be recognised by those who hear it."
    ),
    "testify_file": _("A recording of this device"),
    "testify_file_again": _("A file is not kept by this page: choose it again before you send."),
    "testify_record": _("Record my voice"),
    "testify_stop": pgettext_lazy("recording", "Stop"),
    "testify_again": _("Erase and record again"),
    "testify_recording": _("Recording… {time}"),
    "testify_recorded": _("Listen to it, then send it, or record again."),
    "testify_refused": _(
        "The microphone stays closed. It is all right: you may write, or choose a recording. To open it, touch the "
        "padlock beside the address, then try again."
    ),
    "testify_silent": _("Nothing was recorded. Try again, or write."),
    "testify_ask": _("A testimony was begun in this window, and was not sent. Is it yours?"),
    "testify_sending": _("It is leaving…"),
    "testify_waiting": _(
        "It is not sent yet: the network or the server does not answer. Leave this page open: it leaves again by "
        "itself. Nothing is lost."
    ),
    "testify_large": _("This recording is too large. Choose a shorter one."),
    "testify_uses": _("What you agree to"),
    "testify_read": _("The team of the alliance may read or listen to it, to understand the situation."),
    "testify_read_needed": _("Needed: without it, nobody may read your words."),
    "testify_quote": _("Passages may be quoted in public, word for word."),
    "testify_quote_hint": _(
        "You choose. Two people check that nobody can recognise you. If you say no, nothing is quoted."
    ),
    "testify_signed": _("If you are quoted, how should we name you?"),
    "testify_signed_hint": _("Such as: a mother of three. Leave blank to have no name at all."),
    "testify_kept": _(
        "A recording is erased {voices} months after the closing, a text {texts} months after. Passages shown stay."
    ),
    "testify_send": _("Send my testimony"),
    "testify_thanks": _("Thank you. Your words are received."),
    "testify_already": _("They had already arrived: they are kept once."),
    "testify_receipt": _(
        "Here is your receipt. Take a picture of it or write it down: it is the only way to change what you agreed to, "
        "or to withdraw your testimony, and whoever has it can do it."
    ),
    "testify_next": _("Two people read it, each on their own. It serves to understand what people live here."),
    "testify_other": _("This time, you agreed to something else. Here is what is kept, which is the least of the two:"),
    "testify_more": _("To agree to more, or to less, come back with your receipt:"),
    "told_quoted": _("passages may be quoted in public;"),
    "told_not_quoted": _("nothing is quoted."),
    "told_name": _("you are named so: {name}."),
    "told_no_name": _("without any name."),
    "mine_title": _("My testimony"),
    "mine_lede": _(
        "With your receipt, at any time, without saying why: change what you agreed to, or withdraw your testimony. "
        "Even once the results are published."
    ),
    "mine_find": _("Find my testimony"),
    "mine_found": _("Your testimony is here. Its words are not shown on this page."),
    "mine_read": _("The team of the alliance may read or listen to it. To stop that, withdraw your testimony."),
    "mine_less": _("If you say no, the passages already shown are taken away from this site."),
    "mine_helped": _("Someone took it down for you and saw your receipt: here, you may agree to less, not to more."),
    "mine_save": _("Keep these choices"),
    "mine_saved": _("Your choices are kept."),
    "withdraw_title": _("Withdraw my testimony"),
    "withdraw_what": _("Your text, your voice and the passages quoted from it are erased from this site."),
    "withdraw_not": _(
        "What is already printed, copied or sent cannot be taken back. Figures already published stay: nobody can find "
        "you in them."
    ),
    "withdraw_do": _("Erase my testimony"),
    "withdraw_done": _("It is erased."),
    "withdraw_done_text": _("Your words, your voice and the passages quoted from it are no longer here."),
    "withdraw_unknown": _("No testimony has this receipt."),
}
TEXTS.update(OURS)
