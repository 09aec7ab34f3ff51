"""Settings: what a theorem's code may change of the process that measures it, put back before the next claim.

It is no prison: whoever verifies a folder runs its code. It keeps one careless line (a recursion limit, a default
type, an environment that is cleared) from costing other claims their verdicts, and an instrument that was changed
from giving any.
"""

from __future__ import annotations

import builtins
import gc
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import ModuleType
from typing import Any

from workbench.errors import BadInput

Undo = Callable[[], Any]
Parts = dict[str, tuple[Any, dict[str, Any]]]  # a module's or class's name → it, and what it holds
NOTHING = object()  # in a place where nothing stands
STREAMS = ("stdin", "stdout", "stderr", "excepthook", "displayhook")


@contextmanager
def settings_kept(who: str) -> Iterator[None]:
    """Settings of the process are afterwards what they were.

    Raises BadInput where code has changed the workbench or Python itself.
    """
    deep, undo, parts = sys.getrecursionlimit(), [*of_python(), *of_numbers()], instrument()
    names, modules = vars(builtins), dict(sys.modules)
    known = {name: value for name, value in names.items() if callable(value)}
    try:
        yield
    finally:  # what follows needs depth and Python's own functions
        sys.setrecursionlimit(deep if sys.getrecursionlimit() < deep else sys.getrecursionlimit())
        others = [name for name, value in known.items() if names.get(name) is not value]
        names.update(known)
        sys.modules.update(modules)
        changed = mended(parts) or ", ".join(others)
        for each in undo:
            with suppress(Exception):
                each()
    if changed:
        raise BadInput(f"{who} changes {changed}, and a verdict of a changed workbench would mean nothing")


def instrument() -> Parts:
    """What the modules and classes of the workbench hold, as it is now."""
    parts: Parts = {}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "workbench" and isinstance(module, ModuleType):
            parts[name] = module, dict(vars(module))
            for key, value in parts[name][1].items():
                if isinstance(value, type) and value.__module__ == name:
                    parts[f"{name}.{key}"] = value, dict(vars(value))
    return parts


def mended(parts: Parts) -> str:
    """Put back functions that were replaced, and take away those that hide another; the name of one, if there is any.

    What Python does (a module that is loaded, a value that is kept) is no change.
    """
    changed = ""
    for label, (owner, before) in parts.items():
        for name, now in list(vars(owner).items()):
            part = before.get(name, NOTHING)
            if now is part or not (works(part) or (part is NOTHING and callable(now) and serves(owner, name))):
                continue
            changed = changed or f"{label}.{name}"
            with suppress(AttributeError, TypeError):
                delattr(owner, name) if part is NOTHING else setattr(owner, name, part)
    return changed


def works(part: Any) -> bool:
    return callable(part) or isinstance(part, property)


def serves(owner: Any, name: str) -> bool:
    """Whether what a module or class has not itself comes from Python or from a base."""
    return any(name in vars(base) for base in owner.__mro__[1:]) if isinstance(owner, type) else hasattr(builtins, name)


def of_python() -> list[Undo]:
    """What puts back Python's own settings; what was only added stays, since a module that is loaded may need it."""
    environment, paths, streams = dict(os.environ), list(sys.path), {name: getattr(sys, name) for name in STREAMS}
    undo: list[Undo] = [partial(put_back, streams), partial(os.environ.update, environment)]
    undo += [partial(lead, sys.path, paths), partial(lead, warnings.filters, list(warnings.filters))]
    undo += [gc.enable] if gc.isenabled() else []
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD):
            undo.append(partial(signal.signal, number, signal.getsignal(number) or signal.SIG_DFL))
    return undo


def put_back(streams: dict[str, Any]) -> None:
    for name, stream in streams.items():
        setattr(sys, name, stream)


def lead(found: Any, before: list[Any]) -> None:
    """What a list held before comes first in it again."""
    found[:] = [*before, *(each for each in found if each not in before)]


def of_numbers() -> list[Undo]:
    """What puts back the settings of NumPy and torch, where they are loaded."""
    import numpy
    import torch
    from flint import ctx

    pairs: list[tuple[Callable[[], Any], Callable[[Any], Any]]] = [
        (lambda: ctx.prec, lambda prec: setattr(ctx, "prec", prec)),
        (numpy.geterr, lambda errors: numpy.seterr(**errors)),
        (torch.get_default_dtype, torch.set_default_dtype),
        (torch.get_default_device, torch.set_default_device),
        (torch.is_grad_enabled, torch.set_grad_enabled),
        (torch.get_num_threads, torch.set_num_threads),
        (torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms),
    ]
    return [partial(set_again, now, setting, now()) for now, setting in pairs]


def set_again(now: Callable[[], Any], setting: Callable[[Any], Any], before: Any) -> None:
    """Set what has changed; some settings cost a second, and a device that is set slows what comes after."""
    if now() != before:
        setting(before)
