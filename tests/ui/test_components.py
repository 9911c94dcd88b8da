"""Components: what they say, how they link label, hint and error, and that they escape what they are given."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from maillage.alliances.forms.base import MoneyField
from maillage.core.contributions import Panel
from maillage.ui import icons

XSS = "<script>alert(1)</script>"


def show(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class Sample(forms.Form):
    name = forms.CharField(label="Nom", help_text="En toutes lettres.")
    note = forms.CharField(label="Note", required=False)
    choice = forms.ChoiceField(label="Choix", widget=forms.RadioSelect, choices=[("a", "A"), ("b", XSS)])
    yes = forms.BooleanField(label="Oui", required=True)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_links_its_label_and_its_hint():
    html = show("{% field form.name %}", form=Sample())
    assert '<label for="id_name">Nom</label>' in html
    assert 'id="id_name_hint">En toutes lettres.' in html
    assert re.search(r'<input[^>]*aria-describedby="id_name_hint"', html)
    assert "aria-invalid" not in html


def test_a_field_in_error_says_so_to_everyone():
    html = show("{% field form.name %}", form=Sample({}))
    assert re.search(r'<input[^>]*aria-describedby="id_name_hint id_name_error"', html)
    assert re.search(r'<input[^>]*aria-invalid="true"', html)
    assert 'class="error" id="id_name_error"' in html


def test_an_optional_field_says_it_is_optional():
    assert "(facultatif)" in show("{% field form.note %}", form=Sample())


def test_choices_are_a_group_of_large_targets():
    html = show("{% field form.choice %}", form=Sample({}))
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('<label class="choice"') == 2
    assert "&lt;script&gt;" in html
    assert 'aria-describedby="id_choice_error"' in html


def test_one_box_carries_its_label():
    html = show("{% field form.yes %}", form=Sample({}))
    assert '<label class="choice" for="id_yes">' in html
    assert 'aria-invalid="true"' in html


def test_a_hidden_field_comes_alone():
    assert show("{% field form.secret %}", form=Sample()).startswith("<input")


def test_the_summary_of_errors_leads_to_each_field():
    html = show("{% form_errors form %}", form=Sample({}))
    assert 'role="alert"' in html
    assert '<a href="#id_name">Nom</a>' in html
    assert show("{% form_errors form %}", form=Sample()) == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% button x %}",
        "{% button x x about=x %}",
        "{% link_go x x %}",
        "{% tag x %}",
        "{% callout title=x %}{{ x }}{% endcallout %}",
        "{% empty x %}{{ x }}{% endempty %}",
        "{% section x intro=x %}{{ x }}{% endsection %}",
        "{% card title=x url=x label=x %}{{ x }}{% endcard %}",
        "{% breadcrumb x x x %}",
        "{% bar x 0.5 x note=x %}",
        "{% actor 'community' x x %}",
        "{% svg '<svg></svg>' x %}",
        "{% table x x num='0' %}{% row %}"
        "{% rowhead %}{{ x }}{% endrowhead %}{% cell x %}{{ x }}{% endcell %}{% endrow %}{% endtable %}",
        "{% data_table x header rows %}",
    ],
)
def test_components_escape(source):
    html = show(source, x=XSS, header=[XSS, XSS], rows=[[XSS, XSS]])
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_an_unknown_icon_is_an_error_not_a_hole():
    with pytest.raises(LookupError):
        icons.icon("licorne")


def test_the_pages_of_a_list_keep_the_rest_of_the_address():
    request = RequestFactory().get("/", {"q": "abri & toit", "type": ["a", "b"], "page": "3"})
    page = Paginator(range(100), 10).page(3)
    html = Template("{% load ui %}{% pagination page %}").render(Context({"page": page, "request": request}))
    assert "?q=abri+%26+toit&amp;type=a&amp;type=b&amp;page=4" in html
    assert '<span aria-current="page">3</span>' in html
    assert 'aria-label="Page 10"' in html
    assert show("{% pagination page %}", page=Paginator([], 10).page(1)) == ""


def test_tables_name_each_cell_for_narrow_screens():
    html = show("{% data_table 'Membres' header rows num='1' %}", header=["Table", "Membres"], rows=[["Logement", 22]])
    assert "<caption>Membres</caption>" in html
    assert '<th scope="row" role="rowheader">Logement</th>' in html
    assert '<td role="cell" data-label="Membres" class="num"><span>22</span></td>' in html


def test_a_bar_stays_between_nothing_and_all():
    assert "--v:100.0%" in show("{% bar 'a' 3 '300 %' %}")
    assert "--v:0.0%" in show("{% bar 'a' v '0' %}", v=-1)


def test_an_empty_seat_that_is_asked_for_is_framed_and_said():
    class Line:
        label = "Famille"
        by_type = {"community": 5}

    html = show(
        "{% presence rows codes required %}",
        rows=[Line()],
        codes=["community", "citizens", "group"],
        required=[("Famille", "citizens")],
    )
    assert '<span class="p3">5</span>' in html
    assert html.count('class="must"') == 1
    assert "présence exigée" in html
    assert html.count('class="gap"') == 1


def test_messages_are_said_and_stay_without_script():
    request = RequestFactory().get("/")
    request.session = {}
    storage = FallbackStorage(request)
    request._messages = storage
    messages.success(request, "Rencontre enregistrée.")
    messages.error(request, XSS)
    html = render_to_string("ui/parts/messages.html", {"messages": storage})
    assert 'role="status"' in html
    assert "callout success" in html
    assert "callout danger" in html
    assert "<script>" not in html


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/galerie/", "/en/galerie/"])
def test_the_gallery_shows_everything(client, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = client.get(address).content.decode()
    for part in ("weave", "stages", "callout danger", "empty", "data-table", "presence", "pagination", "timeline"):
        assert f'class="{part}' in page or f" {part}" in page, part
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    for target in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', page):
        assert set(target.split()) <= set(ids)


def test_a_panel_is_drawn_with_its_own_context_over_the_page(tmp_path):
    shown = Panel("home", "ui/parts/messages.html", {"messages": [Message()]})
    html = show("{% panel shown %}{{ messages }}", shown=shown, messages="ailleurs")
    assert "Bonjour" in html
    assert html.endswith("ailleurs")


class Message:
    level_tag = "info"

    def __str__(self) -> str:
        return "Bonjour"


def test_a_list_where_nothing_is_chosen_says_so_in_words():
    class Lists(forms.Form):
        must = forms.TypedChoiceField(choices=[("", "---------"), ("a", "A")])
        may = forms.ChoiceField(choices=[("", "---------"), ("a", "A")], required=False)
        own = forms.ChoiceField(choices=[("", "Personne"), ("a", "A")], required=False)

    form = Lists()
    assert '<option value="" selected>Choisir…</option>' in show("{% field form.must %}", form=form)
    assert '<option value="" selected>Aucun choix</option>' in show("{% field form.may %}", form=form)
    assert '<option value="" selected>Personne</option>' in show("{% field form.own %}", form=form)


def test_a_long_list_of_boxes_is_folded_under_what_is_chosen_in_it():
    class Lists(forms.Form):
        short = forms.MultipleChoiceField(
            choices=[(str(n), f"Un {n}") for n in range(8)], widget=forms.CheckboxSelectMultiple
        )
        long = forms.MultipleChoiceField(
            choices=[(str(n), f"Acteur {n}{XSS}") for n in range(9)], widget=forms.CheckboxSelectMultiple
        )

    form = Lists(initial={"long": ["3", "5"]})
    assert "<details" not in show("{% field form.short %}", form=form)
    html = show("{% field form.long %}", form=form)
    assert "Choisir parmi 9" in html
    assert re.search(r"data-picked[^>]*>Acteur 3&lt;script&gt;.*, Acteur 5", html)
    assert html.count(" checked") == 2
    assert XSS not in html
    assert " open" not in html
    refused = Lists({"short": ["1"], "long": ["42"]})
    assert '<details class="disclose" open>' in show("{% field form.long %}", form=refused)


def test_a_part_is_folded_on_a_phone_under_words():
    html = show('{% fold "Voir les 3 sièges" %}<p>Ici</p>{% endfold %}')
    assert html.startswith('<details class="fold-narrow"><summary>')
    assert "Voir les 3 sièges</summary>" in html
    assert "<p>Ici</p>" in html
    assert '<details class="fold-narrow" open>' in show('{% fold "V" open=True %}x{% endfold %}')


def test_an_amount_is_asked_with_its_unit():
    class Amounts(forms.Form):
        money = MoneyField(label="Montant", required=False)

    html = show("{% field form.money %}", form=Amounts())
    assert 'Montant <span class="sr">(en dollars)</span>' in html
    assert '<span aria-hidden="true">$</span>' in html
