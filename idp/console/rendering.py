"""How every form field of the product is drawn: Django's fields, our one template and classes."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

CLASSES: dict[type[forms.Widget], str] = {
    forms.CheckboxSelectMultiple: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.CheckboxInput: "ui-switch",
    forms.Select: "form-select",
    forms.Textarea: "form-control",
    Input: "form-control",
}


class UiField(BoundField):
    """A field that knows which of our shapes it has."""

    @property
    def is_switch(self) -> bool:
        """Say whether it is turned on and off."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_many(self) -> bool:
        """Say whether several short choices stand side by side."""
        return isinstance(self.field.widget, forms.CheckboxSelectMultiple)

    @property
    def is_optional(self) -> bool:
        """Say whether to call it optional; conditional fields say themselves when they are not."""
        return not self.field.required and not getattr(self.field, "is_conditional", False)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """Add the class that goes with the widget."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        known = next((css for kind, css in CLASSES.items() if isinstance(widget, kind)), "")
        attrs["class"] = f"{known} {widget.attrs.get('class', '')}".strip()
        if isinstance(widget, forms.CheckboxInput):
            attrs["role"] = "switch"
        return attrs


class UiRenderer(TemplatesSetting):
    """Draw forms with the product's own templates."""

    field_template_name = "ui/field.html"
    bound_field_class = UiField
