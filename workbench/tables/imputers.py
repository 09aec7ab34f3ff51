"""Layers of attention as scikit-learn imputers, with the best linear imputer beside them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from workbench.errors import BadInput
from workbench.tables.moments import conditional_means, covariance, likeliest

try:
    from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError:
    raise BadInput("tables need scikit-learn: pip install 'theorem-workbench[tables]'") from None


class Imputer(OneToOneFeatureMixin, TransformerMixin, BaseEstimator, ABC):
    """What the imputers share: columns are standardised by what is seen of them, and only holes are filled in.

    A column that is constant where it is seen is filled with that constant.
    """

    def fit(self, X: Any, y: Any = None) -> Imputer:
        """Learn from a table X (rows, columns), NaN where an entry is missing; y is ignored.

        Raises ValueError where X holds no finite numbers, a single row, or a column without any entry.
        """
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", ensure_min_samples=2)
        empty = np.flatnonzero(np.isnan(X).all(0))
        if len(empty):
            names = getattr(self, "feature_names_in_", range(X.shape[1]))
            raise BadInput(f"column '{names[empty[0]]}' has no entry at all; drop it")
        self.mean_ = np.nanmean(X, 0)
        scale = np.nanstd(X, 0)
        # What roundoff makes of a constant is no scale.
        self.scale_ = np.where(scale > 8 * np.finfo(float).eps * np.abs(self.mean_), scale, 1)
        self.learn((X - self.mean_) / self.scale_)
        return self

    def transform(self, X: Any) -> np.ndarray:
        """The table X (rows, columns) with every hole filled in. Raises ValueError where fit would, or before it."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        answers = self.answers((X - self.mean_) / self.scale_) * self.scale_ + self.mean_
        return np.where(np.isnan(X), answers, X)

    @abstractmethod
    def learn(self, rows: np.ndarray) -> None:
        """Learn from standardised rows (n, d)."""

    @abstractmethod
    def answers(self, rows: np.ndarray) -> np.ndarray:
        """A guess for every entry of standardised rows (n, d), seen or not."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


class MeanImputer(Imputer):
    """Every hole is filled with its column's mean: what one does without attention."""

    def learn(self, rows: np.ndarray) -> None:
        pass

    def answers(self, rows: np.ndarray) -> np.ndarray:
        return np.zeros_like(rows)


class OneLayerImputer(Imputer):
    """One layer of attention whose scores go by position, trained to restore entries that are hidden from it.

    Missing entries read as zero, and x̂_i = Σ_j W_ij o_j x_j with one set of weights for all masks. Every entry that
    is seen is hidden once and restored from the rest of its row, of which further entries are hidden at random until
    a share `rate` is missing: endlessly many such maskings, whose normal equations are averaged exactly.

    rate: the missing rate to train for; None is the table's own, and a smaller one than that cannot be had.
    After fit: weights_ (columns, columns) in standardised units, with zeros on the diagonal; rate_.
    """

    def __init__(self, rate: float | None = None):
        self.rate = rate

    def learn(self, rows: np.ndarray) -> None:
        seen = ~np.isnan(rows)
        own = 1 - seen.mean()
        self.rate_ = own if self.rate is None else self.rate
        if not own <= self.rate_ < 1:
            raise BadInput(f"rate = {self.rate_:g} must lie between the table's own {own:.3g} and 1")
        kept = (1 - self.rate_) / (1 - own)
        shown = np.where(seen, rows, 0)
        self.weights_ = np.array([self.regression(shown[seen[:, i]], i, kept) for i in range(rows.shape[1])])

    def regression(self, shown: np.ndarray, i: int, kept: float) -> np.ndarray:
        """The weights (columns,) that predict entry i where it is hidden, a share `kept` of the others being left."""
        moment = shown.T @ shown
        others = np.arange(len(moment)) != i
        gram = kept**2 * moment + (kept - kept**2) * np.diag(np.diag(moment))
        weights = np.zeros(len(moment))
        weights[others] = np.linalg.lstsq(gram[np.ix_(others, others)], kept * moment[others, i], rcond=None)[0]
        return weights

    def answers(self, rows: np.ndarray) -> np.ndarray:
        return np.nan_to_num(rows) @ self.weights_.T


class DepthImputer(Imputer):
    """Layers of linear attention over a long context, which know the mask: steps of an iteration towards Bayes.

    A state a moves by step · (y − S a), S the covariance of what a row shows and y its entries, and is read out by
    covariances. The covariance is that of every two columns over the rows that show both.

    layers: how many; step: None is one over the largest eigenvalue of the covariance, at which no mask diverges.
    After fit: covariance_ (columns, columns) in standardised units; step_.
    """

    def __init__(self, layers: int = 8, step: float | None = None):
        self.layers = layers
        self.step = step

    def learn(self, rows: np.ndarray) -> None:
        if self.layers < 1:
            raise BadInput(f"layers = {self.layers} must be a whole number from 1 upwards")
        self.covariance_ = covariance(rows)
        self.step_ = 1 / np.linalg.eigvalsh(self.covariance_).max() if self.step is None else self.step

    def answers(self, rows: np.ndarray) -> np.ndarray:
        seen = ~np.isnan(rows)
        y = np.where(seen, rows, 0)
        a = np.zeros_like(y)
        for _ in range(self.layers):
            a = a + self.step_ * np.where(seen, y - a @ self.covariance_, 0)
        return a @ self.covariance_


class GaussianImputer(Imputer):
    """The conditional mean given what a row shows, under the likeliest Gaussian: Bayes, if the rows are Gaussian.

    max_iter, tol: the steps of expectation and maximisation, which end where nothing moves by more than tol scales.
    After fit: location_ (columns,) and covariance_ (columns, columns) in standardised units; n_iter_.
    """

    def __init__(self, max_iter: int = 100, tol: float = 1e-3):
        self.max_iter = max_iter
        self.tol = tol

    def learn(self, rows: np.ndarray) -> None:
        self.location_, cov, self.n_iter_ = likeliest(rows, self.max_iter, self.tol)
        self.covariance_ = cov + np.eye(len(cov)) * 1e-9

    def answers(self, rows: np.ndarray) -> np.ndarray:
        return conditional_means(rows, self.location_, self.covariance_)
