"""Forms of the agent around a consultation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from maillage.actors.forms import capital
from maillage.alliances.forms.base import DateField, Form, LastDayField, MoneyField, text_area
from maillage.alliances.models import Alliance, Person, Role, Stage
from maillage.concertation.decisions.forms import MomentField
from maillage.concertation.models import Decision, SeatHolder, Space
from maillage.concertation.selectors import spaces_of
from maillage.participation.consultations import about, electors, evaluating, explain, services
from maillage.participation.consultations.models import Consultation, Option, Step
from maillage.participation.urn.models import Elector
from maillage.participation.vocabulary import About, Access, Help, Kind, Method

START: dict[str, Any] = {"one_page": "1", "moderation": "before", "kiosk_grace": 0, "threshold": 5, "language": "fr"}
"""What a new consultation begins with."""
GROUPS: tuple[tuple[Any, tuple[str, ...], bool], ...] = (
    (_("What is asked"), ("title", "intro", "purpose", "language"), False),
    (
        _("Who decides, and what is promised"),
        ("is_vote", "space", "decided_by", "decided_on", "promise", "stage"),
        False,
    ),
    (_("When and how people answer"), ("opens_at", "closes_at", "other_ways", "one_page", "kiosk_grace"), False),
    (_("How the results are shown"), ("population", "population_source", "threshold"), True),
    (_("If people may add sentences or ideas"), ("policy", "moderation"), True),
    (_("If people look back on an action"), ("about", "evaluates", "concerns"), True),
)
"""Title, fields, and whether it is folded where nothing in it is said."""


class ConsultationForm(Form):
    """What it is about, who decides with it, what is promised, when; once open, only what may still move."""

    title = forms.CharField(
        label=_("The question, as people read it"), max_length=200,
        help_text=_("Short and concrete: “Which problems should be solved first?”"),
    )  # fmt: skip
    intro = forms.CharField(
        label=_("What it is about, in plain words"), required=False, max_length=2000, widget=text_area(3),
        help_text=_("Two or three short sentences. Read them aloud: if you stumble, cut."),
    )  # fmt: skip
    purpose = forms.CharField(
        label=pgettext_lazy("consultation", "What it is for"), required=False, max_length=2000, widget=text_area(2),
        help_text=_("What the alliance will do with the answers: choose, understand, correct."),
    )  # fmt: skip
    is_vote = forms.BooleanField(
        label=_("What it says is decided: people vote"), required=False,
        help_text=_("Tick only if the alliance commits to what the result says. Otherwise people give their opinion."),
    )  # fmt: skip
    space = forms.ModelChoiceField(
        label=_("Who decides with it"), queryset=Space.objects.none(), required=False, empty_label=_("Someone else")
    )
    decided_by = forms.CharField(
        label=_("Who decides with it, in words"), required=False, max_length=200,
        help_text=_("Where no space of the alliance does: “the council of the MRC”."),
    )  # fmt: skip
    decided_on = DateField(label=_("When it is decided"))
    promise = forms.CharField(
        label=_("What is promised to those who answer"), required=False, max_length=2000, widget=text_area(3),
        help_text=_("Only what you will do: when results come, where, who answers for what is done with them."),
    )  # fmt: skip
    stage = forms.ModelChoiceField(
        label=_("Stage"), queryset=Stage.objects.none(), required=False, empty_label=_("None in particular")
    )
    about = forms.ChoiceField(
        label=_("For an evaluation: what people look back on"), required=False,
        help_text=_("A decision, a deliverable, the plan of a period. Its page and this one lead to one another."),
    )  # fmt: skip
    evaluates = forms.CharField(
        label=_("The action that people look back on"), required=False, max_length=500,
        help_text=_("For an evaluation: the project or the plan, as people know it."),
    )  # fmt: skip
    concerns = forms.CharField(
        label=_("Whom this action concerns"), required=False, max_length=300,
        help_text=_("For an evaluation: those who are asked first, such as “the families who came on Saturdays”."),
    )  # fmt: skip
    opens_at = MomentField(
        label=_("Opens"), required=False,
        help_text=_("For the record: it opens when you press the button, never before this moment."),
    )  # fmt: skip
    closes_at = MomentField(
        label=_("Closes"), required=False,
        help_text=_("It closes by itself at that minute. Once open, two people are needed to change it."),
    )  # fmt: skip
    other_ways = forms.CharField(
        label=_("How to answer on paper or by telephone"), required=False, max_length=1000, widget=text_area(2),
        help_text=_("Where to take a ballot, where to leave it, which number to call and when."),
    )  # fmt: skip
    one_page = forms.TypedChoiceField(
        label=_("On the screen"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("1", _("Everything on one page")), ("0", _("One question a screen, for a small telephone"))],
    )  # fmt: skip
    policy = forms.CharField(
        label=_("Rules of moderation, published"), required=False, max_length=5000, widget=text_area(3),
        help_text=_("Where people may add sentences or ideas: what is not shown, and why."),
    )  # fmt: skip
    moderation = forms.ChoiceField(label=_("What participants add is"), widget=forms.RadioSelect)
    kiosk_grace = forms.IntegerField(
        label=_("Minutes left to kiosks to send what they hold, after the closing"), min_value=0, max_value=72 * 60,
        help_text=_("Where a kiosk may be without network. 0 if there is no kiosk."),
    )  # fmt: skip
    population = forms.IntegerField(label=_("How many people it concerns"), required=False, min_value=1)
    population_source = forms.CharField(
        label=_("Source of that number"), required=False, max_length=200, help_text=_("“Census of 2021”")
    )
    threshold = forms.IntegerField(
        label=_("Smallest group shown"), min_value=5, max_value=50,
        help_text=_("Below this number of people, nothing is shown, not even by subtraction."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language it is written in"), choices=[("fr", "Français"), ("en", "English")])

    def __init__(
        self,
        *args: Any,
        alliance: Alliance,
        viewer: Any = None,
        consultation: Consultation | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        held = consultation.about if consultation else ""
        self.fields["about"].choices = evaluating.choices(alliance, viewer, alliance.today(), held)  # type: ignore[attr-defined]
        self.fields["stage"].queryset = (  # type: ignore[attr-defined]
            Stage.objects.filter(cycle__alliance=alliance).select_related("cycle").order_by("-cycle__since", "position")
        )
        kept = consultation.space_id if consultation else None
        spaces = spaces_of(alliance, alliance.today(), everything=True)
        self.fields["space"].queryset = (  # type: ignore[attr-defined]
            (spaces | Space.objects.filter(pk=kept or 0)).order_by("sort_key", "pk")
        )
        self.fields["moderation"].choices = [  # type: ignore[attr-defined]
            (code, capital(str(label))) for code, label in Consultation.Moderation.choices
        ]
        for name in ("opens_at", "closes_at"):
            self.fields[name].zone = alliance.zone  # type: ignore[attr-defined]
        if consultation is not None and consultation.state != Consultation.State.DRAFT:
            is_open = consultation.state == Consultation.State.OPEN
            allowed = services.EDITABLE_OPEN if is_open else services.EDITABLE_AFTER
            for name in [name for name in self.fields if name not in allowed]:
                del self.fields[name]

    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """The fields by subject: what every consultation needs, then what some do, folded until it says something."""
        told = []
        for title, names, folds in GROUPS:
            bounds = [self[name] for name in names if name in self.fields]
            says = any(one.errors or str(one.value() or "") not in ("", str(START.get(one.name))) for one in bounds)
            if bounds:
                told.append((title, bounds, not folds or says))
        return told

    def clean(self) -> dict[str, Any]:
        """What is chosen in the list has its name, where no other words are written."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("about") and not found.get("evaluates", "").strip():
            groups = [rows for _kind, rows in self.fields["about"].choices if isinstance(rows, list | tuple)]  # type: ignore[attr-defined]
            labels = dict(pair for rows in groups for pair in rows)
            found["evaluates"] = labels.get(found["about"], "")[:500]
        return found

    @staticmethod
    def initial_of(consultation: Consultation) -> dict[str, Any]:
        found = {name: getattr(consultation, name) for name in ConsultationForm.base_fields}
        return found | {"one_page": "1" if consultation.one_page else "0"}


class StepForm(Form):
    """A step: its words, its hours and, for priorities, its ballot and its rule of counting."""

    title = forms.CharField(
        label=pgettext_lazy("of a text", "Title"), required=False, max_length=200,
        help_text=_("Needed where there are several steps."),
    )  # fmt: skip
    intro = forms.CharField(
        label=_("What is asked, in plain words"), required=False, max_length=2000, widget=text_area(3)
    )
    rule = forms.ChoiceField(
        label=_("Ballot and rule of counting"), widget=forms.RadioSelect,
        help_text=_("It is fixed and shown to everyone before the opening. It never changes afterwards."),
    )  # fmt: skip
    envelope_cents = MoneyField(label=_("Envelope, for a participatory budget"), required=False)
    most_choices = forms.IntegerField(
        label=_("Choices at most"), required=False, min_value=1, max_value=500,
        help_text=_("For approval and the participatory budget. Empty: as many as one wants."),
    )  # fmt: skip
    score_most = forms.IntegerField(
        label=_("Highest score"), required=False, min_value=1, max_value=100, help_text=_("For scores: from 0 to it.")
    )
    ties = forms.ChoiceField(
        label=_("Equal projects are told apart by"), required=False,
        choices=[
            ("cost", _("the lowest cost")), ("votes", _("the most votes")), ("name", _("their number")),
            ("lot", _("a lot, drawn from the number below")),
        ],
        help_text=_("For the participatory budget. With other rules, equal options stay equal."),
    )  # fmt: skip
    seed = forms.CharField(
        label=_("Number of the lot"), required=False, max_length=40,
        help_text=_("Anyone draws the same lot from it. Use one that nobody chose, such as a lottery’s."),
    )  # fmt: skip
    opens_at = MomentField(label=_("Opens"), required=False, help_text=_("Empty: with the consultation."))
    closes_at = MomentField(label=_("Closes"), required=False, help_text=_("Empty: with the consultation."))
    after = forms.ModelChoiceField(
        label=_("Starts from what came of"), queryset=Step.objects.none(), required=False,
        empty_label=_("No other step"), help_text=_("Ideas gathered in a step, then put in order in the next one."),
    )  # fmt: skip

    PRIORITIES = ("rule", "envelope_cents", "most_choices", "score_most", "ties", "seed")

    def __init__(
        self, *args: Any, consultation: Consultation, kind: str, step: Step | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if kind == Kind.PRIORITIES:
            self.fields["rule"].choices = [  # type: ignore[attr-defined]
                (
                    code,
                    format_html(
                        "<b>{} · {}</b><small>{} {}</small>",
                        capital(str(Method(code.partition(":")[0]).label)), label, does, counted,
                    ),
                )
                for code, label, does, counted in explain.counting_choices()
            ]  # fmt: skip
        else:
            for name in self.PRIORITIES:
                del self.fields[name]
        others = Step.objects.filter(consultation=consultation)
        if step is not None:
            others = others.exclude(pk=step.pk)
        if others.exists():
            self.fields["after"].queryset = others.order_by("position", "pk")  # type: ignore[attr-defined]
        else:
            del self.fields["after"]
        for name in ("opens_at", "closes_at"):
            self.fields[name].zone = consultation.alliance.zone  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What the services take."""
        found = dict(self.cleaned_data)
        if "rule" in found:
            found["method"], _colon, found["counting"] = found.pop("rule").partition(":")
            found["score_most"] = found["score_most"] or 5
            found["ties"], found["seed"] = found["ties"] or "cost", found["seed"] or "0"
        return found

    @staticmethod
    def initial_of(step: Step) -> dict[str, Any]:
        names = (
            "title", "intro", "envelope_cents", "most_choices", "score_most", "ties", "seed", "opens_at", "closes_at",
            "after",
        )  # fmt: skip
        return {name: getattr(step, name) for name in names} | {"rule": f"{step.method}:{step.counting}"}


class OptionForm(Form):
    """Something to choose from."""

    label = forms.CharField(label=_("Name"), max_length=200, help_text=_("A few words: “Find a home one can pay for”."))
    text = forms.CharField(
        label=_("In plain words"), required=False, max_length=2000, widget=text_area(3),
        help_text=_("One or two short sentences. They may be read aloud."),
    )  # fmt: skip
    cost_cents = MoneyField(label=_("Cost"), required=False)
    picture = forms.FileField(
        label=_("Picture"), required=False,
        help_text=_("PNG, JPEG or WebP, 1 MB at most. A light one: many pay for their data."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )  # fmt: skip
    picture_alt = forms.CharField(
        label=_("What the picture shows"), required=False, max_length=300,
        help_text=_("For those who do not see it. Compulsory with a picture."),
    )  # fmt: skip
    drop_picture = forms.BooleanField(label=_("Take the picture away"), required=False)

    LARGEST = 1_000_000

    def __init__(self, *args: Any, step: Step, option: Option | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.method == Method.BUDGET:
            self.fields["cost_cents"].required = True
        if option is None or option.picture_id is None:
            del self.fields["drop_picture"]

    def clean_picture(self) -> UploadedFile | None:
        found: UploadedFile | None = self.cleaned_data["picture"]
        if found is not None and (found.size or 0) > self.LARGEST:
            raise forms.ValidationError(_("This picture is too heavy: 1 MB at most."))
        return found

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("label", "text", "cost_cents", "picture_alt")}

    def file(self) -> tuple[bytes, str, str] | None:
        found: UploadedFile | None = self.cleaned_data.get("picture")
        if found is None:
            return None
        return found.read(), found.name or "image", found.content_type or ""

    @staticmethod
    def initial_of(option: Option) -> dict[str, Any]:
        return {name: getattr(option, name) for name in ("label", "text", "cost_cents", "picture_alt")}


class ReasonForm(Form):
    """Why something is done that people will read about."""

    why = forms.CharField(label=_("Why"), max_length=500, widget=text_area(2))

    def __init__(self, *args: Any, required: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = required


class ExtendForm(Form):
    """A later closing, and why."""

    closes_at = MomentField(label=_("New closing"))
    why = forms.CharField(label=_("Why"), max_length=500, widget=text_area(2), help_text=_("The public log says it."))

    def __init__(self, *args: Any, zone: dt.tzinfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closes_at"].zone = zone  # type: ignore[attr-defined]


class HelperForm(Form):
    """Someone trusted with a part of the consultation."""

    person = forms.ModelChoiceField(label=_("Who"), queryset=Person.objects.none())
    help = forms.ChoiceField(label=_("Does what"))
    since = DateField(label=_("From"))
    until = LastDayField(label=_("Last day"))

    def __init__(self, *args: Any, alliance: Alliance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.filter(alliance=alliance, erased_at=None).order_by("sort_key", "pk")
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["help"].choices = [(code, capital(str(label))) for code, label in Help.choices]  # type: ignore[attr-defined]


class AccessForm(Form):
    """Who may answer, and whether a ballot may be changed: what each protects against is told beside it."""

    access = forms.ChoiceField(label=_("Who may answer"), widget=forms.RadioSelect)
    postal_codes = forms.CharField(
        label=_("Postal codes accepted, or their beginnings"), required=False, max_length=2000, widget=text_area(2),
        help_text=_("For access by postal code: J0K, J6E 1A1… What people type is compared, and kept nowhere."),
    )  # fmt: skip
    changeable = forms.TypedChoiceField(
        label=_("Once sent, a ballot"), coerce=lambda value: value == "1", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["access"].choices = [  # type: ignore[attr-defined]
            (
                code,
                format_html(
                    "<b>{}</b><small>{} {}</small><small>{} {}</small>",
                    capital(str(label)), _("Protects:"), explain.PROTECTS[code][0], _("Does not protect:"),
                    explain.PROTECTS[code][1],
                ),
            )
            for code, label in Access.choices
        ]  # fmt: skip
        self.fields["changeable"].choices = [  # type: ignore[attr-defined]
            ("0", format_html("<b>{}</b><small>{}</small>", _("Never changes"), explain.FIXED)),
            (
                "1",
                format_html(
                    "<b>{}</b><small>{}</small><small>{}</small>",
                    _("May be changed with its receipt, until the closing"), *explain.CHANGEABLE,
                ),
            ),
        ]  # fmt: skip


FORMS = [
    ("pdf", _("PDF, Letter: slips to cut out")), ("a4", _("PDF, A4: slips to cut out")),
    ("csv", _("CSV, for your own letters")),
]  # fmt: skip


class AgreedForm(Form):
    """In which form the codes that two people agreed on are made."""

    form = forms.ChoiceField(label=_("In which form"), widget=forms.RadioSelect, choices=FORMS)


class CodesForm(Form):
    """A lot of codes to print; once people answer, one that is asked of a second person, with the reason."""

    label = forms.CharField(
        label=_("Where these codes go"),
        max_length=80,
        help_text=_("A place or a relay, never a person: “Maison des familles”."),
    )
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=2000)
    form = forms.ChoiceField(label=_("In which form"), widget=forms.RadioSelect, choices=FORMS)
    why = forms.CharField(label=_("Why"), max_length=500, widget=text_area(2), help_text=_("The public log says it."))

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["form" if asks else "why"]


class ListForm(Form):
    """People put on the list: those who sit somewhere, those who hold a role, some by name."""

    spaces = forms.ModelMultipleChoiceField(
        label=_("Those who sit in"), queryset=Space.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    everyone = forms.BooleanField(label=_("Everyone who holds a role in the alliance"), required=False)
    people = forms.ModelMultipleChoiceField(
        label=_("These people"), queryset=Person.objects.none(), required=False,
        widget=forms.SelectMultiple(attrs={"size": "8"}),
        help_text=_("Those who have an e-mail address. Several: hold Ctrl, or Cmd on a Mac."),
    )  # fmt: skip

    why = forms.CharField(label=_("Why"), max_length=500, widget=text_area(2), help_text=_("The public log says it."))

    def __init__(self, *args: Any, alliance: Alliance, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["why"]
        self.alliance = alliance
        spaces = spaces_of(alliance, alliance.today(), everything=True).order_by("sort_key", "pk")
        self.fields["spaces"].queryset = spaces  # type: ignore[attr-defined]
        people = Person.objects.filter(alliance=alliance, erased_at=None).exclude(email="").order_by("sort_key", "pk")
        self.fields["people"].queryset = people  # type: ignore[attr-defined]

    def chosen(self) -> tuple[list[Person], int]:
        """Everyone chosen who has an e-mail address, and how many others were chosen who have none."""
        today = self.alliance.today()
        asked = Q(pk__in=[person.pk for person in self.cleaned_data["people"]])
        if self.cleaned_data["everyone"]:
            asked |= Q(pk__in=Role.objects.at(today).filter(person__alliance=self.alliance).order_by().values("person"))
        if self.cleaned_data["spaces"]:
            held = SeatHolder.objects.at(today).filter(seat__space__in=self.cleaned_data["spaces"])
            asked |= Q(pk__in=held.order_by().values("person"))
        rows = list(Person.objects.filter(asked, alliance=self.alliance, erased_at=None).order_by("pk"))
        return [row for row in rows if row.email], sum(not row.email for row in rows)


class VoidForm(Form):
    """A code that was lost, or is in the wrong hands."""

    number = forms.IntegerField(
        label=_("Number printed beside the code"), min_value=1, max_value=10_000_000, required=False
    )
    elector = forms.ModelChoiceField(label=_("Whose code"), queryset=Elector.objects.none(), required=False)
    why = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Published in the log, without any name: “code lost”.")
    )
    replace = forms.BooleanField(label=_("Give another code in its place"), required=False, initial=True)

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        if consultation.access == Access.LIST:
            del self.fields["number"]
            self.fields["elector"].queryset = electors.people_listed(consultation)  # type: ignore[attr-defined]
            self.fields["elector"].label_from_instance = lambda row: row.person.name  # type: ignore[attr-defined]
            self.fields["elector"].required = True
        else:
            del self.fields["elector"]
            self.fields["number"].required = True

    def found(self) -> Elector:
        """Errors: ``ValidationError`` where no code bears this number."""
        if "elector" in self.cleaned_data:
            chosen: Elector = self.cleaned_data["elector"]
            return chosen
        return electors.find_by_number(self.consultation, self.cleaned_data["number"])


class AboutForm(Form):
    """Which questions « about you » are asked, and what each answer is for."""

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = consultation.language == "en"
        held = {row.kind: row for row in consultation.about_questions.all()}
        for code, label in About.choices:
            proposed = about.PURPOSES[code][1 if english else 0]
            self.fields[f"ask_{code}"] = forms.BooleanField(
                label=_("Ask: %(question)s") % {"question": label}, required=False, initial=code in held,
                help_text=" · ".join(about.label_of(choice) for choice in about.choices(code)),
            )  # fmt: skip
            self.fields[f"purpose_{code}"] = forms.CharField(
                label=_("What the answer is for"), required=False, max_length=300,
                initial=held[code].purpose if code in held else proposed,
            )  # fmt: skip
        own = [choice["fr"] for choice in held[About.PLACE].choices] if About.PLACE in held else []
        self.fields["places"] = forms.CharField(
            label=_("Places to choose from, one a line"), required=False, max_length=5000, widget=text_area(8),
            initial="\n".join(own or about.places_of(consultation.alliance)),
        )  # fmt: skip

    def pairs(self) -> list[tuple[Any, Any]]:
        """The two fields of each question, for the page."""
        return [(self[f"ask_{code}"], self[f"purpose_{code}"]) for code in About.values]

    def questions(self) -> list[tuple[str, str]]:
        """``(kind, purpose)`` of those ticked."""
        data = self.cleaned_data
        return [(code, data[f"purpose_{code}"]) for code in About.values if data[f"ask_{code}"]]

    def places(self) -> list[str]:
        return str(self.cleaned_data["places"]).splitlines()


class LanguageForm(Form):
    """One more language."""

    code = forms.CharField(
        label=_("Code of the language"), max_length=8, help_text=_("Two or three letters: es, ar, ht, moe…")
    )
    name = forms.CharField(
        label=_("Name, in that language"),
        required=False,
        max_length=60,
        help_text=_("Empty: as it is usually written."),
    )
    right_to_left = forms.BooleanField(label=_("Written from right to left"), required=False)


class FeedbackForm(Form):
    """What was done with the answers."""

    text = forms.CharField(
        label=_("What was done with it"), max_length=10_000, widget=text_area(8),
        help_text=_("What was decided, what was not, and why. In plain words: those who answered read it."),
    )  # fmt: skip
    decisions = forms.ModelMultipleChoiceField(
        label=_("Decisions it led to"), queryset=Decision.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    others = forms.CharField(
        label=_("Objectives or actions, one a line"), required=False, max_length=5000, widget=text_area(3),
        help_text=_("“Objective 2.1: ten places in day care by 2028”"),
    )  # fmt: skip

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = consultation.feedback_links.exclude(decision=None).order_by().values("decision")
        closed = Decision.objects.filter(alliance=consultation.alliance, state=Decision.State.CLOSED)
        recent = closed.order_by("-closed_at", "-pk").values_list("pk", flat=True)[:40]
        found = Decision.objects.filter(Q(pk__in=list(recent)) | Q(pk__in=held)).order_by("-closed_at", "-pk")
        self.fields["decisions"].queryset = found  # type: ignore[attr-defined]
        self.fields["decisions"].label_from_instance = (  # type: ignore[attr-defined]
            lambda row: f"{row.code} · {row.title}" if row.code else row.title
        )

    @staticmethod
    def initial_of(consultation: Consultation) -> dict[str, Any]:
        links = list(consultation.feedback_links.all())
        return {
            "text": consultation.feedback,
            "decisions": [link.decision_id for link in links if link.decision_id],
            "others": "\n".join(link.label for link in links if not link.decision_id),
        }


class FollowForm(Form):
    """An address left to be told what was done, for that alone."""

    email = forms.EmailField(label=_("Your e-mail address"), max_length=254)
