"""Options and exit codes that commands share."""

from __future__ import annotations

import click

SUPPORTED, REFUTED, UNDECIDED, BAD_INPUT, VOID, FAULT, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
EXIT = {"supported": SUPPORTED, "refuted": REFUTED, "undecided": UNDECIDED}
CODES = """
\b
Exit codes:  0 all supported   1 something refuted   2 something undecided
             3 bad input       4 void: a canary (a claim known to be wrong) survived, so nothing
             can be trusted    5 a fault of the workbench itself, or no memory: nothing was found
             130 interrupted (finished verdicts are kept)
"""
STANDARD = click.option(
    "--standard", default="quick", show_default=True, type=click.Choice(["quick", "strict"]),
    help="How sharp a verdict must be: quick catches errors above 5 %, strict above 0.5 %.",
)  # fmt: skip
TIME_LIMIT = click.option(
    "--time-limit", metavar="SECONDS", type=click.FloatRange(min=0.01),
    help="How long one claim or statement may work before it is left undecided (claims 1800, statements 300).",
)  # fmt: skip
MEMORY_LIMIT = click.option(
    "--memory-limit", metavar="GB", type=click.FloatRange(min=0.01),
    help="With how much memory one claim or statement is left undecided (claims 16, statements 8).",
)  # fmt: skip
SEED = click.option("--seed", default=0, show_default=True, help="Which random instances and samples to take.")
