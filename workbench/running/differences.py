"""Differences: what changed between two runs, claim by claim."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import BadInput
from workbench.options import EXIT, REFUTED, SUPPORTED, UNDECIDED

Run = Mapping[str, Mapping[str, Any]]  # claim → its verdict
BLUNTER = 10.0  # times a larger error would be missed before that is worth a line


@dataclass(frozen=True)
class Differences:
    """What changed, a line each, and the exit code that it deserves."""

    lines: list[str]
    code: int


def read_run(path: Path) -> Run:
    """The verdicts of a run by claim. Raises BadInput for a file that `verify --json` did not write."""
    try:
        verdicts = json.loads(path.read_text(encoding="utf-8"))["verdicts"]
        return {verdict["claim"]: verdict for verdict in verdicts if verdict["status"] in EXIT}
    except OSError as problem:
        raise BadInput(f"{path} cannot be read: {problem.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise BadInput(f"{path} is no run; `workbench verify --json {path}` writes one") from None


def compared(old: Run, new: Run) -> Differences:
    """The differences of two runs, those of a status first."""
    lost = [lost_support(name, new.get(name)) for name in old if old[name]["status"] == "supported"]
    lines = sorted(each for name in {*old, *new} for each in changes(name, old.get(name), new.get(name)))
    kept = sum(name in new and new[name]["status"] == old[name]["status"] for name in old)
    code = next((code for code in (REFUTED, UNDECIDED) if code in lost), SUPPORTED)
    total = f"{kept} of {len(old)} claims keep their status, {len({*new} - {*old})} are new"
    return Differences([*lines, total], code)


def lost_support(name: str, verdict: Mapping[str, Any] | None) -> int:
    """The exit code of what became of a claim that was supported; one that is gone is not known to hold."""
    return UNDECIDED if verdict is None else EXIT[verdict["status"]]


def changes(name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    """What changed of one claim, each in a line."""
    if old is None or new is None:
        known = old or new or {}
        yield f"{name}: {'new, ' if old is None else 'gone, was '}{known['status']}"
        return
    for what in ("status", "formula", "sizes"):
        if old.get(what) != new.get(what):
            yield f"{name}: {what} {old.get(what) or 'none'} → {new.get(what) or 'none'}"
    before, after = old.get("resolution"), new.get("resolution")
    if before and (not after or after > BLUNTER * before):
        yield f"{name}: resolution {before:.1e} → {'none' if not after else f'{after:.1e}'}"
