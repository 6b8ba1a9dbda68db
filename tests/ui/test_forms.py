"""A form as the design system draws it: tied together for screen readers, and nothing lost on error."""

from typing import Any

from django import forms
from django.template import engines
from django.utils import translation


class Example(forms.Form):
    email = forms.EmailField(label="Address", help_text="We write to it.")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)
    role = forms.ChoiceField(
        label="Role", choices=[("m", "Member"), ("r", "Reader")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Agreed")
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)


def drawn(template: str, form: forms.Form) -> str:
    context: dict[str, Any] = {"form": form}
    with translation.override("en"):
        return engines["django"].from_string(template).render(context)


def test_a_field_names_its_help_and_its_error() -> None:
    clean = drawn('{% form_field form.email autocomplete="email" %}', Example())
    assert '<label class="field-label" for="id_email">Address</label>' in clean
    assert 'aria-describedby="id_email-help"' in clean
    assert 'autocomplete="email"' in clean
    wrong = drawn("{% form_field form.email %}", Example({"email": "alice@"}))
    assert 'aria-describedby="id_email-error id_email-help"' in wrong
    assert 'aria-invalid="true"' in wrong
    assert 'value="alice@"' in wrong


def test_errors_are_summed_up_on_top_with_the_focus() -> None:
    assert drawn("{% form_errors form %}", Example()) == ""
    summary = drawn("{% form_errors form %}", Example({"email": "x", "password": "y"}))
    assert "3 things need your attention" in summary
    assert "autofocus" in summary
    assert '<a href="#id_email">' in summary
    assert '<a href="#id_role">' in summary


def test_each_kind_of_field_is_drawn_as_it_is() -> None:
    password = drawn("{% form_field form.password %}", Example())
    assert 'data-reveal="id_password"' in password
    role = drawn("{% form_field form.role %}", Example({"role": "r"}))
    assert "<fieldset" in role
    assert "<legend>Role</legend>" in role
    assert role.count('type="radio"') == 2
    assert role.count("checked") == 1
    assert 'class="checkbox"' in drawn("{% form_field form.agreed %}", Example())
    assert "(optional)" in drawn("{% form_field form.note %}", Example())


def test_what_a_person_typed_is_never_markup() -> None:
    form = Example({"email": '"><script>alert(1)</script>', "note": "</textarea><b>"})
    for name in ("email", "note"):
        assert "<script>" not in drawn("{% form_field form." + name + " %}", form)
        assert "<b>" not in drawn("{% form_field form." + name + " %}", form)
