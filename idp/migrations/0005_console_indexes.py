"""Indexes for the console's lists: refusals by time, and the audit log by who and what."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idp", "0004_connection_draft")]

    operations = [
        migrations.AddIndex(
            model_name="exchangerecord",
            index=models.Index(
                condition=models.Q(("outcome", "granted"), _negated=True),
                fields=["outcome", "-at"],
                name="exchange_record_refused",
            ),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["actor_name", "at"], name="audit_event_actor"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["action", "at"], name="audit_event_action"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["target_kind", "at"], name="audit_event_kind"),
        ),
    ]
