"""Checking: the statements of a paper judged one after the other, each within limits of its own."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from workbench.errors import BadInput, Exceeded
from workbench.judging.canaries import flock
from workbench.limits import FOR_MEMORY, GRACE, Limits, within
from workbench.options import BAD_INPUT, EXIT, REFUTED, SUPPORTED, UNDECIDED, VOID
from workbench.papers.marks import Fault, Marked, Paper
from workbench.sessions.answers import Answer, check

EVERY = "for every size"  # how a verdict says so


@dataclass(frozen=True)
class Found:
    """What was found of one statement: an answer, or why there is none."""

    path: Path
    line: int
    name: str
    marked: Marked | None = None
    answer: Answer | None = None
    problem: str = ""
    status: str = "unreadable"

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def expected(self) -> bool:
        """Whether it is as its contract says."""
        wanted = self.marked is not None and self.status == self.marked.expect
        return wanted and not self.short

    @property
    def short(self) -> bool:
        """Whether it was supported, but not for every size as its contract asks."""
        asked = self.marked is not None and self.marked.every_size and self.status == "supported"
        return asked and (self.answer is None or self.answer.sizes not in ("", EVERY))

    @property
    def code(self) -> int:
        """The exit code of a statement by its contract."""
        if self.marked is None or self.status == "unreadable":
            return BAD_INPUT
        if self.expected:
            return SUPPORTED
        return UNDECIDED if self.short else EXIT.get(self.status, UNDECIDED) or REFUTED

    @property
    def said(self) -> str:
        """The status in words, with what the contract makes of it."""
        if self.answer is None or self.marked is None:
            return self.status
        if self.short:
            return f"{self.answer.said}, not for every size as is asked"
        if self.marked.expect == "refuted":
            return f"{self.answer.said}{', as expected' if self.expected else ', though refuted was expected'}"
        return self.answer.said


def judged(paper: Paper, limits: Limits, standard: str, seed: int, apart: bool) -> Iterator[Found]:
    """The statements of a paper and what was found of each, in their order.

    apart: work in a process of its own, so that what listens to no alarm can be ended.
    """
    todo = [found_unread(paper.path, each) for each in paper.faults]
    todo += [Found(paper.path, each.line, each.name, each) for each in paper.statements]
    todo.sort(key=lambda each: each.line)
    if apart and hasattr(os, "fork"):
        while todo:
            for found in from_child(todo, limits, standard, seed):
                todo.pop(0)
                yield found
    else:
        for each in todo:
            yield judge(each, limits, standard, seed)


def found_unread(path: Path, fault: Fault) -> Found:
    return Found(path, fault.line, fault.name, problem=fault.sentence)


def judge(one: Found, limits: Limits, standard: str, seed: int) -> Found:
    """Judge one statement; what goes wrong becomes a sentence."""
    if one.marked is None:
        return one
    try:
        with within(limits):
            answer = check(one.marked.text, one.marked.where, standard=standard, seed=seed)
    except BadInput as problem:
        return Found(one.path, one.line, one.name, one.marked, problem=str(problem))
    except Exceeded as end:
        return undecided(one, str(end))
    return Found(one.path, one.line, one.name, one.marked, answer, answer.reason, answer.status)


def undecided(one: Found, why: str) -> Found:
    return Found(one.path, one.line, one.name, one.marked, problem=why, status="undecided")


def from_child(todo: list[Found], limits: Limits, standard: str, seed: int) -> Iterator[Found]:
    """What a child process finds, one after the other, until all is done or the child has to be ended."""
    sys.stdout.flush()
    sys.stderr.flush()
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=send, args=(theirs, list(todo), limits, standard, seed), daemon=True)
    child.start()
    theirs.close()
    try:
        for one in list(todo):
            if not ours.poll(limits.seconds + GRACE):
                yield undecided(one, limits.too_long)
                return
            try:
                found = ours.recv()
            except EOFError:
                child.join()
                yield undecided(one, death_of(child.exitcode or 0, limits))
                return
            yield found
    finally:
        child.kill()
        child.join()
        ours.close()


def send(pipe: Connection, todo: list[Found], limits: Limits, standard: str, seed: int) -> None:
    """What the child does."""
    for one in todo:
        pipe.send(judge(one, limits, standard, seed))


def death_of(code: int, limits: Limits) -> str:
    """Why a child ended that should not have."""
    if -code in FOR_MEMORY:
        return limits.too_large
    return "its process ended before it was judged" + (f" (signal {-code})" if code < 0 else "")


def worst(found: list[Found]) -> int:
    """The exit code of a paper: what cannot be trusted or read first, then refuted before undecided."""
    codes = {each.code for each in found}
    if flock().void or any(each.answer is not None and each.answer.void for each in found):
        return VOID
    return next((code for code in (BAD_INPUT, REFUTED, UNDECIDED) if code in codes), SUPPORTED)
