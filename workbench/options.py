"""Options and exit codes that commands share."""

from __future__ import annotations

import click

SUPPORTED, REFUTED, UNDECIDED, BAD_INPUT, VOID, INTERRUPTED = 0, 1, 2, 3, 4, 130
EXIT = {"supported": SUPPORTED, "refuted": REFUTED, "undecided": UNDECIDED}
CODES = """
\b
Exit codes:  0 all supported   1 something refuted   2 something undecided
             3 bad input       4 void: a canary (a claim known to be wrong) survived, so nothing
             can be trusted    130 interrupted (finished verdicts are kept)
"""
STANDARD = click.option(
    "--standard", default="quick", show_default=True, type=click.Choice(["quick", "strict"]),
    help="How sharp a verdict must be: quick catches errors above 5 %, strict above 0.5 %.",
)  # fmt: skip
SEED = click.option("--seed", default=0, show_default=True, help="Which random instances and samples to take.")
