"""Forms of the agent who writes a questionnaire."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.alliances.forms.base import Form, text_area
from maillage.participation.consultations.models import Step
from maillage.participation.questionnaires import structure
from maillage.participation.questionnaires.models import Question, Section


class SectionForm(Form):
    title = forms.CharField(label=pgettext_lazy("of a text", "Title"), max_length=200)
    intro = forms.CharField(label=_("Introduction"), required=False, max_length=2000, widget=text_area(2))
    optional = forms.BooleanField(
        label=_("People may pass over this part"), required=False,
        help_text=_("A question that needs an answer then needs it only from those who answer something in the part."),
    )  # fmt: skip


class QuestionForm(Form):
    """One page for the five kinds: what does not serve the kind that is chosen is left aside."""

    label = forms.CharField(
        label=_("Question"), max_length=300, widget=text_area(2),
        help_text=_("One idea, in plain words. Read it aloud: if you stumble, cut."),
    )  # fmt: skip
    help = forms.CharField(label=_("Help, under the question"), max_length=500, required=False)
    section = forms.ModelChoiceField(
        label=pgettext_lazy("of a questionnaire", "Part"), queryset=Section.objects.none(), to_field_name="uuid",
        empty_label=None,
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Answered by"), choices=Question.Kind.choices, widget=forms.RadioSelect)
    choices = forms.CharField(
        label=_("Choices, one a line"), required=False, widget=text_area(5), max_length=8000,
        help_text=_("For one choice, several, or a grade. The choices of a grade go from worst to best."),
    )  # fmt: skip
    least = forms.IntegerField(label=_("Smallest number"), required=False, help_text=_("For a number."))
    most = forms.IntegerField(label=_("Largest number"), required=False, help_text=_("For a number."))
    required = forms.BooleanField(
        label=_("An answer is needed"), required=False,
        help_text=_("Of those who answer something. Nobody is made to answer: a blank ballot stays possible."),
    )  # fmt: skip
    depends = forms.MultipleChoiceField(
        label=_("Asked only of those who answered"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick answers of one question, placed before this one. Nothing ticked: asked of everyone."),
    )  # fmt: skip

    def __init__(self, *args: Any, step: Step, question: Question | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.queryset = Section.objects.filter(step=step).order_by("position", "pk")
        self.parents = {
            str(one.uuid): one
            for one in structure.questions_of(step)
            if one.kind in structure.CLOSED and one.choices and (question is None or one.pk != question.pk)
        }
        depends: Any = self.fields["depends"]
        depends.choices = [
            (f"{key}:{row['code']}", _("%(question)s → %(choice)s") % {"question": one.label, "choice": row["label"]})
            for key, one in self.parents.items()
            for row in one.choices
        ]
        if not depends.choices:
            del self.fields["depends"]

    def clean_depends(self) -> list[str]:
        ticked = list(self.cleaned_data["depends"])
        if len({one.split(":")[0] for one in ticked}) > 1:
            raise forms.ValidationError(_("Tick answers of one question only."))
        return ticked

    def values(self) -> dict[str, Any]:
        """What the service wants."""
        data = self.cleaned_data
        ticked = data.get("depends") or []
        parent = self.parents[ticked[0].split(":")[0]] if ticked else None
        return {
            "kind": data["kind"], "label": " ".join(data["label"].split()), "help": data["help"],
            "required": data["required"], "labels": data["choices"].splitlines(), "least": data["least"],
            "most": data["most"], "depends_on": parent, "depends_in": [one.split(":", 1)[1] for one in ticked],
        }  # fmt: skip

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        parent = question.depends_on
        return {
            "label": question.label, "help": question.help, "section": question.section.uuid, "kind": question.kind,
            "choices": "\n".join(row["label"] for row in question.choices), "least": question.least,
            "most": question.most, "required": question.required,
            "depends": [f"{parent.uuid}:{code}" for code in question.depends_in] if parent is not None else [],
        }  # fmt: skip

    #: Names of the service's errors that are under another field here.
    NAMES = {"labels": "choices"}


class CorrectForm(Form):
    """A wording put right while people answer."""

    label = forms.CharField(label=_("Question"), max_length=300, widget=text_area(2))
    why = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Everyone may read it: it is shown with the results.")
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"label": question.label})
        super().__init__(*args, **kwargs)
        self.question = question
        for place, row in enumerate(question.choices, start=1):
            self.fields[f"choice_{row['code']}"] = forms.CharField(
                label=_("Choice %(n)s") % {"n": place}, max_length=200, initial=row["label"]
            )
        self.order_fields(["label", *(f"choice_{row['code']}" for row in question.choices), "why"])

    def labels(self) -> dict[str, str]:
        return {row["code"]: self.cleaned_data[f"choice_{row['code']}"] for row in self.question.choices}


class ExcerptForm(Form):
    question = forms.ModelChoiceField(
        label=_("Question"), queryset=Question.objects.none(), to_field_name="uuid", empty_label=None
    )
    text = forms.CharField(
        label=_("Passage, word for word"), max_length=600, widget=text_area(3),
        help_text=_("Nothing in it may let someone be recognised: a name, a place, an age, an illness, a rare event."),
    )  # fmt: skip

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["question"]
        field.queryset = Question.objects.filter(section__step=step, kind=Question.Kind.TEXT).order_by(
            "section__position", "position"
        )
