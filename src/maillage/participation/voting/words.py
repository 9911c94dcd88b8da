"""The words of the page where people take part, in the language it is read in.

In French and English they come through gettext. In a language that the product does not speak, the agent writes them,
by their code (``Wording`` with key ``ui:<code>``); what is not written stays in the page's first language, marked so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from maillage.participation.vocabulary import Grade
from maillage.participation.words import SPOKEN, Words

TEXTS: dict[str, str | Promise] = {
    # What is promised
    "anonymous": _("It is anonymous."),
    "anonymous_why": _("Your name is never tied to your answers."),
    "until": _("You have until {date}."),
    "minutes": _("It takes about {n} minutes."),
    "decided_by": _("Who decides with it: {who}."),
    "weak": _("Open link: nobody checks that a person answers only once. The results will say so."),
    "weak_postal": _(
        "The postal code is only looked at, never kept. Nobody checks that a person answers only once. The "
        "results will say so."
    ),
    "listen_page": _("Listen to this page"),
    "listen": _("Listen"),
    "stop": _("Stop"),
    "languages": _("Languages"),
    "other_ways": _("On paper or by telephone"),
    "other_ways_title": _("Would you rather use paper or the telephone?"),
    "other_ways_text": _("Ask for a paper ballot, or let someone fill it in with you by telephone."),
    "other_ways_phone": _("Call {phone}."),
    "skip": _("Skip to content"),
    "home": pgettext_lazy("ballot", "Back to the home page"),
    # The sheet
    "item_of": _("Choice {n} of {total}"),
    "no_answer": _("No answer"),
    "withdrawn": _("Withdrawn. You are not asked about it. Why:"),
    "options": _("Choices"),
    "blank_allowed": _("You may leave a question without an answer. It will not be counted."),
    "envelope": _("Envelope:"),
    "left": _("Left:"),
    "over_envelope": _("Your choices cost more than the envelope. Untick some."),
    "budget_rule": _("Tick what you would pay for. The total must fit in the envelope."),
    "approval_rule": _("Tick everything that you approve of."),
    "ranking_rule": _(
        "Say what comes first for you, then second, and so on. You may leave some out, and give the same rank twice."
    ),
    "choose_at_most": _("Number of choices at most: {n}."),
    "not_ranked": _("Not ranked"),
    "rank_of": _("Rank {n}"),
    "score_least": _("0: not at all"),
    "score_most": _("Highest: very much"),
    "score_from": _("Score from 0 to {n}"),
    **{f"grade_{grade.value}": grade.label for grade in Grade},
    # What opens the ballot
    "code_title": _("Your code"),
    "code_hint": _("It is on the sheet that you received. Capital letters and dashes do not matter."),
    "code_keep": _("The code opens one ballot. It is not kept with your answers."),
    "words_code_hint": _(
        "It is on the sheet that you received. It is only checked: it is not kept with your words, and it still opens "
        "your ballot."
    ),
    "words_code_missing": _("Write the code that you received. Your words are still here."),
    "words_code_unknown": _("This code is not known. Check each sign, then send again. Your words are still here."),
    "words_slow_down": _(
        "Many codes that are not known came from this network. Wait a few minutes, then send again. Your words are "
        "still here."
    ),
    "words_key_lost": _(
        "For the moment, the server knows no code. Tell the alliance, then send again later. Your words are still here."
    ),
    "postal_title": _("Your postal code"),
    "postal_hint": _("The first three characters are enough, such as J8X."),
    "site_only": _("This consultation is held on site: at a kiosk, on paper, or with a person who helps."),
    # About you
    "about_title": _("About you, if you wish"),
    "about_text": _(
        "These answers are kept apart from any name. They are only shown by groups large enough that "
        "nobody is recognised."
    ),
    "about_why": _("What it is for: {purpose}"),
    "about_none": _("I would rather not say"),
    # Sending
    "send_opinion": _("Give my opinion"),
    "send_vote": pgettext_lazy("button of a ballot", "Vote"),
    "send_change": _("Send my new answers"),
    "send_blank": _("Send a blank ballot"),
    "answers_of": _("{n} of {total} answers"),
    "ticks_of": _("Ticked: {n} of {total}"),
    "screen_of": _("{n} of {total}"),
    "next": pgettext_lazy("screen of a ballot", "Next"),
    "previous": pgettext_lazy("screen of a ballot", "Previous"),
    "last": _("To finish"),
    "to_check": _("There is something to look at again"),
    "kept_here": _("Nothing that you wrote is lost."),
    "all_blank": _("You have answered nothing yet."),
    "all_blank_text": _(
        "You may still send a blank ballot: it is counted as a ballot, and says nothing of the choices."
    ),
    "code_unknown": _("This code is not known. Check each sign, then send again. Your answers are still here."),
    "code_used": _(
        "This code has already been used, on line or for a paper ballot. If it was not you, tell the alliance."
    ),
    "code_missing": _("Write the code that you received. Your answers are still here."),
    "postal_missing": _(
        "Write the beginning of your postal code: a letter, a figure, a letter. Your answers are still here."
    ),
    "postal_outside": _(
        "This postal code is outside the territory. If it is a mistake, correct it and send again. Your "
        "answers are still here."
    ),
    "slow_down": _(
        "Many ballots came from this network in a short time. Wait a few minutes, then send again. Your "
        "answers are still here."
    ),
    "busy": _(
        "The server is very busy: your ballot is not taken yet. Wait a moment, then send again. Your answers are still "
        "here."
    ),
    "key_lost": _(
        "For the moment, the server cannot take any ballot. Tell the alliance, then send again later. Your answers are "
        "still here."
    ),
    "elsewhere": _(
        "This ballot was not sent from this site, so it was not taken. Check your answers here, then send them."
    ),
    "closed_late": _("It closed on {date}. Your ballot came too late: it could not be counted."),
    "closed_late_text": _(
        "Your answers are below, so that you may note them. To say it in another way, write or telephone the alliance."
    ),
    "partly_closed": _("A part of this page has closed since you opened it. The rest can still be sent."),
    "already_part": _("With this code, one part was already answered. Only the other part has now been counted."),
    # The receipt
    "recorded_opinion": _("Opinion recorded"),
    "recorded_vote": _("Vote recorded"),
    "thanks_opinion": _("Thank you! Your opinion is counted."),
    "thanks_vote": _("Thank you! Your vote is counted."),
    "again": _("It had already arrived: it is counted once."),
    "receipt_text": _(
        "Here is your receipt. Take a picture of it or write it down. It proves that your ballot is "
        "counted. It does not say what you answered."
    ),
    "receipt_changeable": _("With it, your answers may be changed until the closing: show it to nobody."),
    "receipt_title": _("Check my receipt"),
    "receipt_field": _("Your receipt"),
    "receipt_hint": _("Words and figures, such as SAULE 47 RIVE 12."),
    "receipt_check": pgettext_lazy("button", "Check"),
    "receipt_found": _("Your ballot is counted."),
    "receipt_found_text": _("This receipt is in the list of ballots. Nothing here says what it holds."),
    "receipt_lost": _("No ballot has this receipt."),
    "receipt_lost_text": _("Check each word and each figure. If it is right, tell the alliance."),
    "receipt_unsure": _(
        "For the moment, receipts cannot be looked up. Try again later. This says nothing of your ballot: it is not "
        "lost."
    ),
    "receipt_change": _("Change my answers"),
    "receipt_fixed": _("A ballot of this consultation cannot be changed once sent."),
    "changed": _("Your new answers replace the former ones. Your receipt stays the same."),
    "results_on": _("What is decided with it: {date}."),
    "results": _("See the results"),
    "follow_title": _("Would you like to know what was done with it?"),
    "follow_text": _(
        "Leave an e-mail address. It serves for that alone, is tied to no ballot, and is deleted once you "
        "have been told."
    ),
    "follow_field": pgettext_lazy("ballot", "E-mail address"),
    "follow_send": _("Tell me what was done with it"),
    "follow_done": _("It is noted: you will be told at this address."),
    "follow_wrong": _("This address does not look complete. Check it, then send again."),
    "follow_over": _("What was done with it is already told, on the page of the consultation."),
    "thanks_plain": _("Thank you for taking part."),
    # Closed, to come
    "not_open_yet": _("It is not open yet."),
    "opens_on": _("It opens on {date}."),
    "is_closed": _("It is closed."),
    "is_closed_on": _("It closed on {date}."),
    "is_cancelled": _("This consultation was cancelled."),
    # On the device
    "saved": _("Your answers are kept on this device until you send them."),
    "found_again": _("Your answers of last time were found on this device."),
    "found_ask": _("A ballot was begun on this device, and was not sent. Is it yours?"),
    "found_mine": _("Yes, show it to me"),
    "found_erase": _("No, erase it"),
    "keep_nothing": _("Shared device? Keep nothing"),
    "kept_nothing": _("Nothing of what you answer is kept on this device."),
    "start_again": _("Erase them and start again"),
    "sending": _("Sending…"),
    "waiting": _(
        "No network. Your ballot is kept on this device. It will leave by itself as soon as the network is "
        "back. Keep this page open."
    ),
    "sent_again": _("It will be sent again by itself. Keep this page open."),
    # At a kiosk, or with someone who helps
    "kiosk": _("Kiosk"),
    "kiosk_helped": _("With a helper"),
    "kiosk_waiting": _("Ballots waiting for the network: {n}"),
    "kiosk_lost": _("Ballots that could not be counted, closed or wrong code: {n}"),
    "kiosk_shut": _("This device is no longer a kiosk: a helper must open it again. What waits is kept, unreadable."),
    "kiosk_insecure": _("This browser cannot keep ballots through a cut: stay within reach of the network."),
    "kiosk_full": _("Full screen"),
    "kiosk_close": _("Close the kiosk"),
    "kiosk_close_sure": _("Close, even if ballots are waiting"),
    "kiosk_helper": _("For whoever helps"),
    "kiosk_rule": _("Whoever helps must not be the one who decides on services for the person helped."),
    "kiosk_how": _(
        "Read each choice as it is written. Suggest nothing. Look away when the person answers. "
        "Say that they may leave blanks, and stop."
    ),
    "kiosk_done": _("I am done"),
    "kiosk_next": _("Next person"),
    "kiosk_there": _("Are you still there?"),
    "kiosk_there_text": _("In a moment, your answers will be erased for the next person."),
    "kiosk_here": _("I am still here"),
    "kiosk_kept": _("Thank you! Your ballot is kept on this kiosk."),
    "kiosk_kept_text": _(
        "It cannot leave for the moment. Your ballot is locked: nobody can read it here. It will be counted once the "
        "network is back. No receipt can be given now."
    ),
    "kiosk_erase": _("Erase my answers"),
    "sent_elsewhere": _("This ballot was already sent from another tab. You may close this page."),
}
"""By code, in the order they are met. ``{…}``: what the page fills in."""


class PageWords(Mapping[str, str]):
    """``ui.code`` in templates: the sentence, escaped; in its own language where it is not translated."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def plain(self, code: str, **values: Any) -> str:
        """The sentence as text, for an attribute or a title."""
        written = self.words.texts.get(f"ui:{code}") if self.words.language not in SPOKEN else None
        try:
            return (written or str(TEXTS[code])).format(**values)
        except (KeyError, IndexError, ValueError):
            if written is None:
                raise
            # A translator's braces went astray: their sentence is shown as it is.
            return written

    def say(self, code: str, **values: Any) -> SafeString | str:
        text = self.plain(code, **values)
        if self.words.language in SPOKEN or self.words.texts.get(f"ui:{code}"):
            return text
        return format_html('<span lang="{}" dir="ltr">{}</span>', get_language() or "fr", text)

    def __getitem__(self, code: str) -> str:
        return self.say(code)

    def __iter__(self) -> Iterator[str]:
        return iter(TEXTS)

    def __len__(self) -> int:
        return len(TEXTS)
