"""What words say of each other in trees and chains: the measurements behind `derivations/language/informations.py`."""

from math import ceil, log

import torch
from torch import Tensor

from numerics.language.trees import covariance
from workbench.evidence import crossing, experiment, trained, witness

FAINT = 8  # words e^−8 and e^−16 alike in every branch are far apart
STREAMS, LENGTH, BURNT = 256, 320, 64  # of the text on which a reader is trained, and what is left out of it


def branches(q, ell, draw) -> tuple[Tensor, Tensor]:
    """Two words that have inherited from the same ancestor along paths of ℓ levels."""
    words = []
    for path in ("first", "second"):
        feature = draw.normal("ancestor")
        for fresh in draw.normal(path, ell):
            feature = q * feature + (1 - q**2) ** 0.5 * fresh
        words.append(feature)
    return words[0], words[1]


def pair(q, levels: int) -> Tensor:
    """The covariance of two such words, from their answers to every unit of noise above them."""
    kept = torch.as_tensor(q, dtype=torch.float64) ** torch.arange(levels + 1)
    fresh = (1 - kept[1] ** 2).sqrt() * kept[:-1]
    nothing = torch.zeros_like(fresh)
    answers = torch.stack([torch.cat([kept[-1:], fresh, nothing]), torch.cat([kept[-1:], nothing, fresh])])
    return answers @ answers.T


def log_ratio(features: Tensor, joint: Tensor) -> Tensor:
    """The logarithm of the joint density of two features of variance one over the product of their own."""
    return (features @ features - features @ torch.linalg.solve(joint, features) - torch.logdet(joint)) / 2


def mutual_information(q, ell, *, draw):
    """That of two words, at one draw."""
    return log_ratio(torch.stack(branches(q, ell, draw)), pair(q, ell))


def parent_tells(kappa, *, draw):
    """That of a word and what it has inherited from, at one draw."""
    parent = draw.normal("parent")
    word = kappa * parent + (1 - kappa**2) ** 0.5 * draw.normal("fresh")
    return log_ratio(torch.stack([parent, word]), torch.tensor([[1.0, kappa], [kappa, 1.0]]))


def told_by_all_others(s: int, levels: int, q: float) -> Tensor:
    """What all other words of a tree tell of one word, in nats."""
    joint = covariance(s, levels, q)
    return (torch.logdet(joint[1:, 1:]) - torch.logdet(joint)) / 2


def information_exponent(s, q, *, draw):
    """The fall of the information between two far distances s^ℓ, on logarithmic scales."""
    far = ceil(FAINT / -log(q))
    near, there = (-torch.log1p(-(pair(q, levels)[0, 1] ** 2)) / 2 for levels in (far, 2 * far))
    return torch.log(near / there) / (far * log(s))


@crossing("q", 0.05, 0.99)
def endless_context(s, q, *, draw):
    """Whether words that parted three levels up have more squared correlation in all than those that parted two up."""
    squares = covariance(s, 3, q)[0] ** 2
    return squares[s**2 :].sum() - squares[s : s**2].sum()


def chain(a, b) -> Tensor:
    """The chances to go from one kind of word (row) to another (column)."""
    return torch.tensor([[1 - a, a], [b, 1 - b]])


def stationary_law(a, b, *, draw):
    """The chance of the first kind after a thousand words, from either start."""
    return torch.linalg.matrix_power(chain(a, b), 2**10)[:, 0].mean()


def forgetting(a, b, *, draw):
    """What the chance of the first kind keeps of an imbalance in the word before."""
    after = torch.tensor([[1.0, 0.0], [0.0, 1.0]]) @ chain(a, b)
    return after[0, 0] - after[1, 0]


def entropy_rate(a, b, *, draw):
    """The mean surprise at the next word over a thousand-word-old chain."""
    steps = chain(a, b)
    return -(torch.linalg.matrix_power(steps, 2**10)[0] @ (steps * torch.log(steps)).sum(1))


@witness(entropy_rate)
@experiment(runs=8)
def trained_reader(a, b, *, draw):
    """The loss, on a fresh stream, of a softmax reader of the previous word trained by L-BFGS on a sampled one."""
    seen, fresh = (
        stream(a, b, draw.uniform("seen", LENGTH, STREAMS)),
        stream(a, b, draw.uniform("fresh", LENGTH, STREAMS)),
    )

    def loss(reader: Tensor, words: Tensor = seen) -> Tensor:
        """The logits of the next word are the row of the last one."""
        return torch.nn.functional.cross_entropy(reader[words[:-1]].reshape(-1, 2), words[1:].reshape(-1))

    return loss(trained(loss, torch.zeros(2, 2)), fresh)


def stream(a: float, b: float, dice: Tensor) -> Tensor:
    """Words of many chains side by side (columns), once they have forgotten where they began."""
    kinds, words = torch.zeros(dice.shape[1], dtype=torch.long), []
    for die in dice:
        kinds = torch.where(kinds == 0, (die < a).long(), (die >= b).long())
        words.append(kinds)
    return torch.stack(words[BURNT:])
