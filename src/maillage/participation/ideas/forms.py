"""Forms of ideas: the comment of anyone, and those of the agent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.actors.forms import capital
from maillage.alliances.forms.base import DateField, Form, text_area
from maillage.concertation.decisions.forms import MomentField
from maillage.participation.consultations.models import Consultation, Step
from maillage.participation.ideas import choosing
from maillage.participation.ideas.ground import COMMENT_MOST, TEXT_MOST, TITLE_MOST
from maillage.participation.ideas.models import Idea
from maillage.participation.ideas.selectors import numbers_in
from maillage.participation.voting.words import TEXTS


class CommentForm(Form):
    """What someone says of an idea."""

    text = forms.CharField(
        label=_("My comment"), widget=forms.Textarea(attrs={"rows": 4, "maxlength": COMMENT_MOST}),
        error_messages={"required": _("Write your comment.")},
        help_text=_("No account, no name. Name nobody. It cannot be taken back afterwards."),
    )  # fmt: skip
    code = forms.CharField(
        required=False, max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, wants_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if wants_code:
            self.fields["code"].required = True
            self.fields["code"].error_messages["required"] = str(TEXTS["words_code_missing"])
            self.fields["code"].label = str(TEXTS["code_title"])
            self.fields["code"].help_text = str(TEXTS["words_code_hint"])
        else:
            del self.fields["code"]


class ProblemForm(Form):
    label = forms.CharField(
        label=_("The problem, as people live it"), max_length=200,
        help_text=_("Short and concrete: “Without a car, one cannot get to the doctor.”"),
    )  # fmt: skip
    text = forms.CharField(
        label=_("In plain words"), required=False, max_length=1000, widget=text_area(2),
        help_text=_("What is known of it, in two sentences."),
    )  # fmt: skip


class RefuseForm(Form):
    """The first of the two people says why."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("of a refusal", "Reason"), choices=Idea.Reason.choices, widget=forms.RadioSelect,
        help_text=_("How many are refused for each reason is told in public."),
        error_messages={"required": _("Choose a reason.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("In a few words, for its author and the second person"), max_length=300, required=False,
        help_text=_("Its author reads it with their receipt. The public does not."),
    )  # fmt: skip


class NumbersField(forms.CharField):
    """« 3, 12, 40 »: cleaned to a list of numbers."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Numbers of the ideas"))
        kwargs.setdefault("help_text", _("Such as: 3, 12, 40."))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}))
        super().__init__(max_length=1000, **kwargs)

    def to_python(self, value: Any) -> Any:
        return numbers_in(str(super().to_python(value) or ""))

    def validate(self, value: Any) -> None:
        """Whether there are enough is the service’s to say."""


def _problem_field(step: Step, *, required: bool) -> forms.ChoiceField:
    rows = list(step.problems.order_by("position", "pk"))
    found = forms.ChoiceField(
        label=_("Problem it answers"), required=required and len(rows) > 1, widget=forms.RadioSelect,
        choices=[(str(row.uuid), row.label) for row in rows],
        error_messages={"required": _("Choose the problem that your idea answers.")},
    )  # fmt: skip
    if len(rows) < 2:
        found.widget = forms.HiddenInput()
    return found


class BringForm(Form):
    """An idea said in a workshop, or written on paper."""

    title = forms.CharField(
        label=_("The idea, in a few words"), max_length=TITLE_MOST,
        help_text=_("As its author said it: do not correct their words."),
    )  # fmt: skip
    text = forms.CharField(label=_("How it would work"), required=False, max_length=TEXT_MOST, widget=text_area(4))
    problem = forms.ChoiceField()
    came = forms.ChoiceField(
        label=_("Where it comes from"), widget=forms.RadioSelect,
        choices=[(code, capital(str(label))) for code, label in Idea.Came.choices if code != Idea.Came.ONLINE],
    )  # fmt: skip
    source = forms.CharField(
        label=_("Where and when it was said"), max_length=120,
        help_text=_("Such as: workshop of 3 November, at the library. No name: everyone reads it."),
    )  # fmt: skip

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problem"] = _problem_field(step, required=True)
        self.fields["came"].choices = [  # type: ignore[attr-defined]
            (code, capital(str(label))) for code, label in Idea.Came.choices if code != Idea.Came.ONLINE
        ]


class MergeForm(Form):
    """Several ideas, the words that would say them all, and until when authors answer."""

    numbers = NumbersField(help_text=_("Two at least, that everyone sees. Such as: 3, 12, 40."))
    title = forms.CharField(label=_("Together, in a few words"), max_length=TITLE_MOST)
    text = forms.CharField(
        label=_("How it would work"), required=False, max_length=TEXT_MOST, widget=text_area(5),
        help_text=_("Authors agree to these words: they do not change afterwards."),
    )  # fmt: skip
    problem = forms.ChoiceField(required=False)
    answers_until = DateField(
        label=_("Authors answer until"), required=True,
        help_text=_("They come back by themselves, with their receipt: leave two weeks, and say it around you."),
    )  # fmt: skip

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problem"] = _problem_field(step, required=False)


class NoteForm(Form):
    """What the author of an idea without receipt said."""

    note = forms.CharField(
        label=_("How and when the author answered"), max_length=300, required=False,
        help_text=_("Such as: said again at the meeting of 12 November, in front of the table. No name."),
    )  # fmt: skip


class ChooseForm(Form):
    """What is put to a choice, and where."""

    numbers = NumbersField(help_text=_("Their words become the options, as they are."))
    where = forms.ChoiceField(label=_("Where people choose"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("The question, as people read it"), max_length=200, required=False,
        help_text=_("Such as: “Which solutions come first?”"),
    )  # fmt: skip
    method = forms.ChoiceField(
        label=_("How people say what comes first"), widget=forms.RadioSelect, required=False,
        help_text=_("For a step that is there already, its own stays."),
    )  # fmt: skip
    opens_at = MomentField(label=_("Opens"), required=False, help_text=_("Of a new step. Empty: at once."))
    closes_at = MomentField(
        label=_("Closes"), required=False, help_text=_("Of a new step. Empty: with the consultation.")
    )

    why = forms.CharField(
        label=_("Why"), max_length=500, required=False, widget=text_area(2),
        help_text=_(
            "People are answering this consultation: a second person confirms, and the public log says why. Nothing to "
            "say for a new consultation."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, step: Step, here: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.consultation.state != Consultation.State.OPEN:
            del self.fields["why"]
        else:
            # A new consultation changes nothing of this one.
            self.fields["why"].required = self.data.get("where") != "new"
        places: list[tuple[str, Any]] = [
            (str(row.uuid), _("In a step that waits: %(step)s") % {"step": row}) for row in choosing.receiving(step)
        ]
        if here:
            places.append(("here", _("In a new step of this consultation")))
        places.append(("new", _("In a new consultation, in preparation")))
        self.fields["where"].choices = places  # type: ignore[attr-defined]
        self.fields["where"].initial = places[0][0]
        self.fields["method"].choices = [  # type: ignore[attr-defined]
            (method.value, capital(str(method.label))) for method in choosing.METHODS
        ]
        for name in ("opens_at", "closes_at"):
            self.fields[name].zone = step.consultation.alliance.zone  # type: ignore[attr-defined]
            if not here:
                del self.fields[name]
