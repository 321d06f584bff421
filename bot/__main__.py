"""How does the command start, as `reminder-bot` or `python -m bot`?

Everything that the commands need is imported before the first of them can run: more than a thousand modules, which
stay until the end. Python's search for garbage would go through them several times while they come and once more when
the process ends, and find nothing: a third of the processor time of a command that does little.
"""

from __future__ import annotations

import gc


def main() -> None:
    """Run what was typed."""
    gc.disable()
    from bot import cli  # noqa: PLC0415 - while nothing is searched for

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
