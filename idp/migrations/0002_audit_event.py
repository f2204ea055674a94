"""
The audit log, and triggers that keep it as it is written.

On both databases they refuse every UPDATE, and every DELETE of a row younger than 30 days; what is
older may be forgotten (idp/forget.py). PostgreSQL also refuses TRUNCATE, and SQLite a REPLACE,
which is a DELETE that no trigger sees.

SQLite loses the triggers when a later migration rebuilds the table: such a migration has to make
them again. tests/audit/test_append_only.py would fail.
"""

import uuid

import django.core.serializers.json
import django.utils.timezone
from django.db import migrations, models

MESSAGE = "The audit log is only added to."

ADD = {
    "sqlite": [
        f"""
        CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON idp_auditevent
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
        """,
        f"""
        CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON idp_auditevent
        WHEN OLD.at > datetime('now', '-30 days')
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
        """,
        f"""
        CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON idp_auditevent
        WHEN EXISTS (SELECT 1 FROM idp_auditevent WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END
        """,  # noqa: S608  both are constants
    ],
    "postgresql": [
        f"""
        CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.at <= now() - interval '30 days' THEN
                    RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation';
        END
        $$
        """,
        """
        CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON idp_auditevent
        FOR EACH ROW EXECUTE FUNCTION audit_event_append_only()
        """,
        """
        CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON idp_auditevent
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only()
        """,
    ],
}
REMOVE = {
    "sqlite": [
        "DROP TRIGGER audit_event_no_update",
        "DROP TRIGGER audit_event_no_delete",
        "DROP TRIGGER audit_event_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER audit_event_append_only ON idp_auditevent",
        "DROP TRIGGER audit_event_no_truncate ON idp_auditevent",
        "DROP FUNCTION audit_event_append_only()",
    ],
}


def add_triggers(apps, schema_editor):
    for statement in ADD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove_triggers(apps, schema_editor):
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("idp", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "actor_name",
                    models.CharField(
                        help_text="A username, or the program's name.", max_length=150
                    ),
                ),
                (
                    "actor_id",
                    models.CharField(blank=True, help_text="A person's public_id.", max_length=36),
                ),
                ("action", models.CharField(help_text="kind.what-happened", max_length=60)),
                ("target_kind", models.CharField(max_length=30)),
                ("target_id", models.CharField(max_length=64)),
                ("target_name", models.CharField(max_length=200)),
                (
                    "before",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="By dotted path.",
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        help_text="By dotted path.",
                    ),
                ),
                ("remote_address", models.GenericIPAddressField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=36)),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["at", "id"], name="audit_event_at"),
                    models.Index(
                        fields=["target_kind", "target_id", "at"], name="audit_event_target"
                    ),
                ],
            },
        ),
        migrations.RunPython(add_triggers, remove_triggers),
    ]
