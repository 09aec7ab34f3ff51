"""The same model in 1 + 3K numbers: the flow of role scores and of copying, and the error bars of sampled training.

The state is a vector: K×3 role scores A, verb by verb, and the strength m of copying. Where case is a word of its own
it has one number more, the binding b of a noun to the particle next to it: among N particles the noun then tells its
own case with β = (e^b − 1)/(e^b + N − 1), and the verb reads scores βA.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.func import grad, jacrev, vmap

from numerics.acquisition.grammar import Grammar

Observable = Callable[[Tensor], Tensor]


class Overshoot(ValueError):
    """Steps are so long that training does not follow its slope."""


class Scales(NamedTuple):
    """Role scores (K×3) and the strength of copying."""

    A: Tensor
    m: Tensor


class Reduced:
    """Gradient descent on the loss of a language, in the numbers that renaming the nouns leaves alone."""

    def __init__(self, grammar: Grammar, mu: float, binding: float = 0.1):
        self.V, self.mu, self.K = grammar.nouns, mu, len(grammar.verbs)
        self.often, self.own, self.lengths = grammar.frequencies(), grammar.controllers(), grammar.genitives()
        self.g = torch.arange(len(self.lengths), dtype=torch.float64)
        scores = torch.zeros(3 * self.K, dtype=torch.float64)
        bound = [] if grammar.inflected else [binding]
        self.start = torch.cat([scores, torch.tensor([0.0, *bound], dtype=torch.float64)])
        self.speeds = torch.cat([scores + 1, torch.tensor([mu / (self.V - 1), *[1.0] * len(bound)])])

    def parts(self, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Role scores, the strength of copying, and what is bound (nothing, or one number)."""
        return state[: 3 * self.K].reshape(self.K, 3), state[3 * self.K], state[3 * self.K + 1 :]

    def attention(self, state: Tensor, g: Tensor) -> tuple[Tensor, Tensor]:
        """The attention to a noun (K, lengths, 3) by its role, and what it knows of its case (K, lengths, 3, 3)."""
        scores, _, bound = self.parts(state)
        told = torch.eye(3, dtype=torch.float64).expand(self.K, len(g), 3, 3)
        alike = self.alike(g)
        if len(bound):
            told = (bound.expm1() * told + alike[:, None, :]) / (bound.exp() + g + 1)[:, None, None]
        odds = torch.einsum("klrc,kc->klr", told, scores).exp()
        return odds / (odds * alike).sum(2)[:, :, None], told

    def alike(self, g: Tensor) -> Tensor:
        """The nouns of each role."""
        return torch.stack([torch.ones_like(g), torch.ones_like(g), g], dim=1)

    def chances(self, state: Tensor, g: Tensor) -> Tensor:
        """The probability of each noun by its role, for every verb and these numbers of genitives: (K, lengths, 3)."""
        read = (self.parts(state)[1] * self.attention(state, g)[0]).exp()
        return read / ((read * self.alike(g)).sum(2) + self.V - 2 - g)[:, :, None]

    def answers(self, state: Tensor, g: Tensor) -> Tensor:
        """The probability of the right answer, by verb and number of genitives."""
        return self.chances(state, g).gather(2, self.own[:, None, None].expand(-1, len(g), 1))[:, :, 0]

    def losses(self, state: Tensor) -> Tensor:
        """The cross-entropy by verb and number of genitives."""
        return -self.answers(state, self.g).log()

    def loss(self, state: Tensor) -> Tensor:
        """The cross-entropy of the language."""
        return self.often @ self.losses(state) @ self.lengths

    def right(self, state: Tensor) -> Tensor:
        """The probability of the right answer, verb by verb."""
        return self.answers(state, self.g) @ self.lengths

    def inside(self, state: Tensor) -> Tensor:
        """The belief in nouns of the sentence, whichever."""
        chances, g = self.chances(state, self.g), self.g
        return self.often @ (chances[:, :, 0] + chances[:, :, 1] + g * chances[:, :, 2]) @ self.lengths

    def velocity(self, state: Tensor) -> Tensor:
        """Gradient flow."""
        return -self.speeds * grad(self.loss)(state)

    def course(self, rate: float, steps: int) -> Tensor:
        """The states of gradient descent at a finite rate, from nothing."""
        return self.onwards([self.start], rate, steps)

    def onwards(self, states: list[Tensor], rate: float, steps: int, pull: Observable = torch.zeros_like) -> Tensor:
        """These states, and those of so many steps more."""
        for _ in range(steps):
            states.append(states[-1] + rate * (self.velocity(states[-1]) + pull(states[-1])))
        return torch.stack(states)

    def until_known(
        self, rate: float, level: float, most: int, verbs: slice = slice(None), pull: Observable = torch.zeros_like
    ) -> Tensor:
        """The same, until the right answers of these verbs have passed a level and a quarter of the steps more.

        `pull` is added to the velocity; it is asked once in each state, one after another.
        Raises ValueError when that takes more than `most` steps, Overshoot at a rate at which the loss rises.
        """
        states = [self.start]
        while bool((known := self.right(states[-1])[verbs] < level).any()):
            if len(states) > most:
                raise ValueError(
                    f"verb {int(known.double().argmax()) + 1} is not known after {most} steps of rate {rate:g}: "
                    "take a larger rate, fewer verbs, or a smaller alpha"
                )
            descended = states[-1] + rate * self.velocity(states[-1])
            if not self.loss(descended) < self.loss(states[-1]):
                raise Overshoot(f"rate {rate:g}: steps overshoot")
            states.append(descended + rate * pull(states[-1]))
        return self.onwards(states, rate, len(states) // 4 + 2, pull)

    def flow(self, time: float, steps: int) -> Tensor:
        """The state of gradient flow after a time, by Runge and Kutta."""
        state, h = self.start, time / steps
        for _ in range(steps):
            first = self.velocity(state)
            second = self.velocity(state + h / 2 * first)
            third = self.velocity(state + h / 2 * second)
            fourth = self.velocity(state + h * third)
            state = state + h / 6 * (first + 2 * second + 2 * third + fourth)
        return state

    def noise(self, states: Tensor) -> Tensor:
        """The covariance of the velocity of one sampled sentence, at each of several states."""
        slopes = -self.speeds * vmap(jacrev(self.losses))(states).flatten(1, 2)
        chances = (self.often[:, None] * self.lengths).reshape(-1)
        mean = chances @ slopes
        return torch.einsum("c,sci,scj->sij", chances, slopes, slopes) - mean[:, :, None] * mean[:, None, :]

    def turn(self, state: Tensor, rate: float) -> Tensor:
        """What a step of descent does to a small change of the state."""
        return torch.eye(len(state), dtype=torch.float64) + rate * jacrev(self.velocity)(state)

    def spreads(self, states: Tensor, rate: float, size: int) -> Tensor:
        """The covariance of the state at every step of descent on batches of sampled sentences (linear noise).

        Raises Overshoot for a rate at which a step turns some small change over and makes it larger.
        """
        turns = vmap(lambda state: self.turn(state, rate))(states)
        if float(torch.linalg.eigvals(turns).real.min()) < -1:
            raise Overshoot(f"rate {rate:g}: steps overshoot")
        kicks = rate**2 / size * self.noise(states)
        covariances = [torch.zeros_like(turns[0])]
        for turn, kick in zip(turns[:-1], kicks[:-1]):
            covariances.append(turn @ covariances[-1] @ turn.T + kick)
        return torch.stack(covariances)

    def crossing(
        self, height: Observable, states: Tensor, spreads: Tensor, level: float, rate: float, added: Tensor | float = 0
    ) -> tuple[float, float]:
        """The step, between whole ones, at which an observable first passes a level, and its standard deviation.

        `added` is what the noise adds to its mean. Both are nan where it never does, or is above the level from the
        start. It is read off the straight line between two steps, so that the noise before the first and that of the
        second count as far as each moves it.
        """
        heights = vmap(height)(states) + added
        after = int((heights >= level).double().argmax())
        if not after:
            return torch.nan, torch.nan
        here, there = states[after - 1], states[after]
        speed = heights[after] - heights[after - 1]
        part, turn = (level - heights[after - 1]) / speed, self.turn(here, rate)
        old, last = spreads[after - 1], part * jacrev(height)(there)
        carried = (1 - part) * jacrev(height)(here) + turn.T @ last
        variance = carried @ old @ carried + last @ (spreads[after] - turn @ old @ turn.T) @ last
        return float(after - 1 + part), float(variance.sqrt() / speed)


class Separate(Reduced):
    """The same where scores are products of queries (K×w) and keys (3×w): the state holds these in place of scores."""

    def __init__(self, grammar: Grammar, mu: float, queries: Tensor, keys: Tensor, binding: float = 0.1):
        super().__init__(grammar, mu, binding)
        begun = torch.cat([queries.reshape(-1), keys.reshape(-1)])
        self.width, rest = queries.shape[1], slice(3 * self.K, None)
        self.start = torch.cat([begun, self.start[rest]])
        self.speeds = torch.cat([torch.ones_like(begun), self.speeds[rest]])

    def parts(self, state: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Role scores, the strength of copying, and what is bound."""
        rows = state[: (self.K + 3) * self.width].reshape(self.K + 3, self.width)
        others = state[rows.numel() :]
        return rows[: self.K] @ rows[self.K :].T, others[0], others[1:]
