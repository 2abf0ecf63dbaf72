"""What never reaches a log: tokens, tickets and control characters."""

import logging
import re

_SECRET = re.compile(
    r"eyJ[\w-]{8,}(\.[\w-]*){0,2}"  # a JWT, even a part of one
    r"|(?<=bearer )[^\s\"',}]+"
    r"|(?<=token=)[^&\s\"',}]+|(?<=ticket=)[^&\s\"',}]+"
    r"|(?<=token\": \")[^\"]+|(?<=ticket\": \")[^\"]+"
    r"|(?<=token\":\")[^\"]+|(?<=ticket\":\")[^\"]+"
    r"|(?<=token': ')[^']+|(?<=ticket': ')[^']+",
    re.IGNORECASE,
)
# Control characters, and those that hide or turn round what follows them.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_FORMATTER = logging.Formatter()


class RedactSecrets(logging.Filter):
    """Replace secrets in the finished line and escape what could forge another line.

    A traceback keeps its lines, without the secrets.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; always keep it."""
        record.msg, record.args = _escaped(_redacted(record.getMessage())), ()
        if record.exc_info:
            lines = _redacted(_FORMATTER.formatException(record.exc_info)).split("\n")
            record.exc_text = "\n".join(map(_escaped, lines))
        return True


def _redacted(text: str) -> str:
    return _SECRET.sub("[redacted]", text)


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)
