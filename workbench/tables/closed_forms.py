"""Closed forms: what the catalogue's theorems on imputation say of a covariance, a missing rate and many masks.

The formulas are those of the theorems, none is typed here. They are evaluated in torch, many masks at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import torch

from workbench.catalogue import builtin, member
from workbench.lowering.tensors import Tensors
from workbench.lowering.walks import Walk

ALL_MASKS = 10  # columns up to which every mask is taken
MASKS = 1000  # masks drawn at random beyond


@cache
def formula(name: str) -> Any:
    """The closed form of a claim of the chapter on imputation."""
    return member(builtin().claim(f"imputation.{name}"), "derivations").formula


def worth(form: Any, **letters: Any) -> Any:
    """What a closed form is worth at these letters, as a tensor; whole numbers are sizes."""
    whole = {letter: letters[letter.name] for letter in form.free_symbols if isinstance(letters.get(letter.name), int)}
    tensors = {name: torch.as_tensor(value, dtype=torch.float64) for name, value in letters.items()}
    return Walk(Tensors(), tensors).visit(form.xreplace(whole))


def one_layer(cov: np.ndarray, p: float) -> float:
    """Risk of the trained layer per missing entry, at missing rate p."""
    return float(worth(formula("one_layer.least_risk"), Sigma=cov, p=p, d=len(cov))) / (p * len(cov))


def critical_step(cov: np.ndarray) -> float:
    """The step above which depth diverges where rows with this covariance are seen."""
    return float(worth(formula("depth.critical_step"), top=np.linalg.eigvalsh(cov).max()))


def conditional_means(cov: np.ndarray, masks: np.ndarray) -> np.ndarray:
    """What the conditional mean leaves of the missing entries (n,) of rows that show masks (n, columns) of cov."""
    form = formula("bayes.least_risk")
    return over(masks, float(np.trace(cov)), lambda F, seen: worth(form, Sigma=cov, F=F, m=len(cov), d=seen))


def distances(cov: np.ndarray, masks: np.ndarray, step: float, depth: int) -> np.ndarray:
    """How much more than that so many layers leave of the missing entries (n,).

    The theorem's distance is over all entries; that over the seen ones is the same theorem, for the vector of them.
    """
    form = formula("depth.excess")

    def excess(F: Any, seen: int) -> Any:
        here, every = torch.as_tensor(cov), torch.eye(seen, dtype=torch.float64)
        whole = worth(form, Sigma=here, F=F, eta=step, L=depth, m=len(cov), d=seen)
        return whole - worth(form, Sigma=F @ here @ F.T, F=every, eta=step, L=depth, m=seen, d=seen)

    return over(masks, 0.0, excess)


def over(masks: np.ndarray, unseen: float, value: Callable[[Any, int], Any]) -> np.ndarray:
    """A value (n,) for each mask; value is asked at rows of the identity, for all masks that show equally many at once.

    unseen: the value where nothing is seen.
    """
    torch.set_num_threads(1)  # many small matrices: threads would wait for each other
    found, counts = np.full(len(masks), unseen), masks.sum(1)
    for seen in np.unique(counts[counts > 0]).tolist():
        same = counts == seen
        rows = [np.eye(masks.shape[1])[mask] for mask in masks[same]]
        found[same] = torch.vmap(lambda F, seen=seen: value(F, seen))(torch.as_tensor(np.array(rows))).numpy()
    return found


def masks_of(d: int, p: float, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Masks (n, d), True where an entry is seen, and their chances (n,): all of them, or many drawn at random."""
    if d > ALL_MASKS:
        return generator.random((MASKS, d)) >= p, np.full(MASKS, 1 / MASKS)
    masks = np.array(list(product((False, True), repeat=d)))
    return masks, np.where(masks, 1 - p, p).prod(1)
