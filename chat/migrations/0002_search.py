"""The index that messages are searched by, where the database is Postgres."""

from typing import Any

from django.db import migrations

# Russian words are stemmed as Russian, those in Latin letters as English: that is what this configuration
# of Postgres does. Before, capitals of Russian become small and its marks spaces, as a database with the
# locale C knows neither; what stands between < and > or slashes is words too, not a tag or a path. The
# channel is one more word, so that a search reads only what may be seen. What is written waits in a short
# list only: each search goes through all of it. `chat/services/words.py` asks for exactly this expression.
SIGNS = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁё<>/«»„“”‘’‚‹›—–−…•·№"
BECOME = "абвгдежзийклмнопрстуфхцчшщъыьэюяее                    "
INDEX = f"""
CREATE INDEX message_words ON chat_message USING gin (
  (to_tsvector('pg_catalog.russian', translate(text, '{SIGNS}', '{BECOME}'))
   || array_to_tsvector(ARRAY[channel_id::text]))
) WITH (gin_pending_list_limit = 256)
"""


def make_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def drop_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX message_words")


class Migration(migrations.Migration):

    dependencies = [("chat", "0001_initial")]

    operations = [migrations.RunPython(make_index, drop_index)]
