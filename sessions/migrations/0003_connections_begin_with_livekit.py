"""A connection begins when LiveKit tells of it; the identity of the newest token stands with its holder."""

from django.db import migrations, models


def move_identities(apps, schema_editor):
    """Keep one open connection of each participant, the newest, and give them its identity.

    Whoever is lost at this moment may come back with theirs. Tokens that nobody came with are forgotten.
    """
    Connection = apps.get_model("nonza_sessions", "Connection")
    Connection.objects.filter(models.Q(livekit_sid=None) | models.Q(joined_at=None)).delete()
    live = Connection.objects.filter(models.Q(left_at=None) | models.Q(left_reason="lost"))
    newest = {}
    for connection in live.order_by("-joined_at", "-created_at").select_related("participant").iterator():
        later = newest.setdefault(connection.participant_id, connection)
        if later is connection:
            connection.participant.identity = connection.identity
            connection.participant.save(update_fields=["identity"])
        elif connection.left_at is None:
            connection.left_at = max(connection.joined_at, later.joined_at)
            connection.left_reason = "taken_over"
            connection.save(update_fields=["left_at", "left_reason"])


class Migration(migrations.Migration):
    dependencies = [
        ("nonza_sessions", "0002_what_statistics_need"),
    ]

    operations = [
        migrations.AddField(
            model_name="participant",
            name="identity",
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name="connection",
            name="interruptions",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="interruptions"),
        ),
        migrations.AddField(
            model_name="connection",
            name="gaps",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.RunPython(move_identities, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name="connection",
            name="connection_open",
        ),
        migrations.AlterField(
            model_name="connection",
            name="created_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="created"),
        ),
        migrations.AlterField(
            model_name="connection",
            name="left_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("left", "left"),
                    ("lost", "connection lost"),
                    ("taken_over", "taken over by another tab"),
                    ("ended", "session ended"),
                    ("removed", "removed"),
                ],
                max_length=16,
                verbose_name="why it ended",
            ),
        ),
        migrations.AlterField(
            model_name="connection",
            name="livekit_sid",
            field=models.CharField(max_length=64, unique=True),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(("joined_at__isnull", False), ("left_at__isnull", False), _connector="OR"),
                name="connection_open_has_joined",
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)),
                fields=("participant",),
                name="connection_one_open",
            ),
        ),
    ]
