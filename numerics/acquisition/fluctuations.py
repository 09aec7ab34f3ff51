"""What the noise of batches does to the mean course of a training, to second order and in all weights.

No batch is symmetric: it moves weights off the manifold that renaming the nouns leaves alone. There are V² of them, so
that together they bend the mean course though each is small: with the covariance C of all weights and the Hessian H of
the loss L, the mean descends L + ½ tr HC, and what is seen of a model is f + ½ tr f″C (van Kampen's expansion, one
order beyond linear noise).
"""

import torch
from torch import Tensor
from torch.func import grad

from numerics.acquisition.forms import Form, Sentences, curvature, inverse_gram, said, slopes
from numerics.acquisition.reduced import Reduced


class Fluctuations:
    """The covariance of all weights off the manifold along a training, and what it does to the mean."""

    def __init__(self, reduced: Reduced, rate: float, size: int):
        self.reduced, self.rate, self.size = reduced, rate, size
        V, K = reduced.V, reduced.K
        places = torch.tensor([[*range(5), 5 + k, 5 + K + k] for k in range(K)])
        self.placed = torch.eye(5 + 2 * K, dtype=torch.float64)[places]
        self.sentences = reduced.often[:, None] * reduced.lengths
        self.many = torch.tensor([V * (V - 3) / 2, (V - 1) * (V - 2) / 2], dtype=torch.float64).clamp(min=1)
        self.speeds = torch.eye(5 + 2 * K, dtype=torch.float64)
        self.speeds[:2, :2] = reduced.mu * inverse_gram(torch.tensor(V))[:2, :2]
        self.covariances = [Form(torch.zeros_like(self.speeds), torch.zeros(2, dtype=torch.float64))]

    def pull(self, state: Tensor) -> Tensor:
        """What they add to the velocity of the mean, in one state after another."""
        found = -self.reduced.speeds * grad(self.bend)(state)
        self.covariances.append(self.later(state, self.covariances[-1]))
        return found

    def bend(self, state: Tensor) -> Tensor:
        """What they add to the mean loss: ½ tr HC."""
        return self.product(self.curvature(state), self.covariances[-1]) / 2

    def product(self, one: Form, other: Form) -> Tensor:
        """The trace of the product of two forms."""
        return (one.patterns * other.patterns).sum((-1, -2)) + one.others @ other.others

    def curvature(self, state: Tensor) -> Form:
        """The Hessian of the loss."""
        return self.mean(curvature(*self.read(state)))

    def read(self, state: Tensor) -> tuple[Sentences, Tensor]:
        """The sentences of the language, and the strength of copying."""
        return said(self.reduced, state, self.reduced.g), self.reduced.parts(state)[1]

    def mean(self, form: Form) -> Form:
        """The mean over sentences of all verbs."""
        patterns = torch.einsum("kl,klij,kia,kjb->ab", self.sentences, form.patterns, self.placed, self.placed)
        return Form(patterns, torch.einsum("kl,klx->x", self.sentences, form.others))

    def turn(self, state: Tensor) -> Tensor:
        """What a step does to the patterns."""
        slowed = self.rate * self.speeds @ self.curvature(state).patterns / (self.reduced.V - 1)
        return torch.eye(len(self.speeds), dtype=torch.float64) - slowed

    def later(self, state: Tensor, covariance: Form) -> Form:
        """The covariance one step later: turned, and kicked by what sentences of a batch differ in."""
        noise, turn, V = self.mean(slopes(*self.read(state))), self.turn(state), self.reduced.V
        kick = self.rate**2 / self.size * self.speeds @ noise.patterns @ self.speeds / (V - 1)
        fast = self.rate * self.reduced.mu / self.many
        kept = (1 - fast * self.curvature(state).others) ** 2 * covariance.others
        return Form(turn @ covariance.patterns @ turn.T + kick, kept + fast**2 * self.many / self.size * noise.others)

    def along(self, states: Tensor, g: Tensor, within: bool = False, first: int = 0) -> Tensor:
        """What they add to the chance of what is meant in states from the `first` on: (states, K, lengths)."""
        found = [
            added(said(self.reduced, state, g, within), self.reduced.parts(state)[1], self.of_verbs(covariance))
            for state, covariance in zip(states, self.covariances[first:])
        ]
        return torch.stack(found)

    def of_verbs(self, covariance: Form) -> Form:
        """The covariance of what sentences of each verb read."""
        patterns = torch.einsum("kia,kjb,ab->kij", self.placed, self.placed, covariance.patterns)
        return Form(patterns[:, None], covariance.others)


def added(sentences: Sentences, m: Tensor, covariance: Form) -> Tensor:
    """What fluctuations add to the chance f of what is meant: ½ tr f″C, with f = e^−surprise."""
    squared, bent = slopes(sentences, m), curvature(sentences, m)
    chance = (sentences.alike * sentences.chances * (sentences.meant > 0)).sum(-1)
    patterns = ((squared.patterns - bent.patterns) * covariance.patterns).sum((-1, -2))
    return chance * (patterns + (squared.others - bent.others) @ covariance.others) / 2
