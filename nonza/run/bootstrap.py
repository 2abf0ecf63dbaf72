"""The first program of every `make` target: it needs a bare Python and nothing else."""

import os
import shutil
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    # Nothing newer than Python 3.6 may stand in this file: an old Python must get as far as its sentence.
    if sys.version_info < OLDEST:
        _use_a_newer_python()
    sys.path[0] = str(ROOT)
    from nonza.run.prepare import main as prepare  # noqa: PLC0415 -- an old Python could not read it

    sys.exit(prepare(sys.argv[1:]))


def _use_a_newer_python() -> None:
    for name in NEWER_NAMES:
        program = shutil.which(name)
        if program:
            os.execv(program, [program, str(Path(__file__).resolve()), *sys.argv[1:]])
    sys.exit(
        "Nonza needs Python 3.11 or newer, and this is {}.{}: install a newer one, "
        "or name it with `make {} PYTHON=/path/to/python3`.".format(
            sys.version_info[0], sys.version_info[1], sys.argv[1] if len(sys.argv) > 1 else "run"
        )
    )


if __name__ == "__main__":
    main()
