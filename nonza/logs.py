"""What never reaches a log: tokens, tickets and control characters."""

import logging
import re

_SECRET = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=ticket=)[^&\s\"]+|(?<=token=)[^&\s\"]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


class RedactSecrets(logging.Filter):
    """Replace secrets in the finished line and escape what could forge another line."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; always keep it."""
        line = _SECRET.sub("[redacted]", record.getMessage())
        line = _CONTROL.sub(lambda match: repr(match[0])[1:-1], line).replace("\n", "\\n")
        record.msg, record.args = line, ()
        return True
