"""`python -m workbench` is the command `workbench`; interrupted while it is loaded, it says so in a sentence."""

from __future__ import annotations

import os
import signal
from typing import Any

INTERRUPTED = 130  # as in `workbench.options`, which is loaded later


def main() -> None:
    """Load the command line and run it."""
    signal.signal(signal.SIGINT, left)  # until the command line has one of its own
    from workbench.cli import main as begin

    begin()


def left(number: int, frame: Any) -> None:
    """End at once: an error raised here would pass through modules that are half loaded."""
    os.write(2, b"workbench: interrupted\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
