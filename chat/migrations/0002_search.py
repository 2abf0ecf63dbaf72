"""The words of messages, and the index that they are searched by, where the database is Postgres."""

from typing import Any

from django.db import migrations

# Russian words are stemmed as Russian, those in Latin letters as English: that is what this configuration
# of Postgres does. Before, capitals of Russian become small and its marks spaces, as a database with the
# locale C knows neither; what stands between < and >, slashes or dots is words too, not a tag, a path or a
# host. The channel is one more word, so that a search reads only what may be seen. The column is kept by
# Postgres, and only `chat/services/words.py` knows of it; an index on the expression alone would have the
# words made anew for each message that is looked at. What is written waits for the index in a short list
# only: each search goes through all of it.
SIGNS = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁё<>/.«»„“”‘’‚‹›—–−…•·№"
BECOME = "абвгдежзийклмнопрстуфхцчшщъыьэюяее                     "
COLUMN = f"""
ALTER TABLE chat_message ADD COLUMN words tsvector GENERATED ALWAYS AS (
  to_tsvector('pg_catalog.russian', translate(text, '{SIGNS}', '{BECOME}'))
  || array_to_tsvector(ARRAY[channel_id::text])
) STORED
"""
INDEX = "CREATE INDEX message_by_words ON chat_message USING gin (words) WITH (gin_pending_list_limit = 256)"


def make_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(COLUMN)
        schema_editor.execute(INDEX)


def drop_index(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE chat_message DROP COLUMN words")


class Migration(migrations.Migration):

    dependencies = [("chat", "0001_initial")]

    operations = [migrations.RunPython(make_index, drop_index)]
