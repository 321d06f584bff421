"""What was typed under a choice that is no longer made, and may be made again (rule P4)?

Free text empties the texts, and so does another template. Whoever ticked or chose by mistake and goes back finds what
they had written. It is kept by the process while the form is open, as everything else between two changes of a form is
(`bot.slack.form_order`); one that is restarted meanwhile shows the template's own texts again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from blocks.ids import FormBlock
from bot.slack.button_values import FormMetadata
from bot.slack.form_changes import Form, LookUp, is_unchanged
from bot.slack.form_fields import FormFields

_Choice = int | None
"""A template, or free text."""


@dataclasses.dataclass(slots=True, repr=False)
class SetAside:
    """The texts of one form's earlier choices, and the template that was there before free text was ticked."""

    template_id: int | None = None
    _texts: dict[_Choice, Mapping[FormBlock, str]] = dataclasses.field(default_factory=dict)

    def keep(self, fields: FormFields, before: FormMetadata, look_up: LookUp) -> None:
        """Keep what stands in the texts, if with this change they become those of another choice than `before`."""
        if not _is_another(fields, before):
            return
        if not before.manual:
            self.template_id = before.template_id if fields.manual else None
        chosen = dataclasses.replace(fields, client_id=before.client_id, template_id=before.template_id)
        template = None if before.manual else look_up(chosen).template
        if any(text.strip() for text in fields.texts.values()) and not (template and is_unchanged(fields, template)):
            self._texts[before.template_id] = fields.texts
        else:
            self._texts.pop(before.template_id, None)

    def returned(self, fields: FormFields, before: FormMetadata) -> FormFields:
        """The fields with the template that free text stood in for, if with this change it is unticked."""
        if before.manual and not fields.manual and fields.template_id is None:
            return dataclasses.replace(fields, template_id=self.template_id)
        return fields

    def put_back(self, form: Form, before: FormMetadata) -> Form:
        """The form with what was kept of the choice that it now makes, if that is another than `before`."""
        if not _is_another(form.fields, before):
            return form
        texts = self._texts.get(form.fields.template_id)
        if texts is None or not (form.fields.manual or form.fields.template_id):
            return form
        return dataclasses.replace(form, fields=dataclasses.replace(form.fields, texts=texts))


def _is_another(fields: FormFields, before: FormMetadata) -> bool:
    return fields.manual != before.manual or (not fields.manual and fields.template_id != before.template_id)
