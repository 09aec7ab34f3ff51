"""Walks: a SymPy expression read node by node in an algebra of tensors, or of the text of a program."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce, singledispatchmethod
from typing import Any, Protocol

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.errors import BadInput
from workbench.language import laws, printing
from workbench.language.complex_gaussians import Adjoint, ComplexGaussian
from workbench.language.counts import Binomial, Multinomial, Poisson
from workbench.language.function_rows import row_of
from workbench.language.kronecker import Vec
from workbench.language.letters import Size
from workbench.language.simplices import Dirichlet
from workbench.language.slopes import MatrixSlope, ScalarSlope
from workbench.language.students import Elliptical, ScaleMixture, Student


class Algebra(Protocol):
    """What a walk computes with: tensors, or text."""

    def number(self, value: sp.Rational) -> Any: ...
    def constant(self, name: str) -> Any: ...
    def infix(self, sign: str, left: Any, right: Any) -> Any: ...
    def call(self, name: str, *arguments: Any) -> Any: ...
    def transposed(self, matrix: Any) -> Any: ...
    def adjoint(self, matrix: Any) -> Any: ...
    def column(self, vector: Any) -> Any: ...
    def stacked(self, rows: list[list[Any]]) -> Any: ...
    def noise(self, law: str, name: str, *parameters: Any) -> Any: ...
    def named(self, name: str, value: Any) -> Any: ...


class Walk:
    """Evaluates the nodes of an expression in an algebra, every node once.

    letters: the values of fixed letters by name; known: the values of nodes (means, say) that are not entered.
    """

    def __init__(self, algebra: Algebra, letters: Mapping[str, Any], known: Mapping[sp.Basic, Any] | None = None):
        self.algebra, self.letters, self.known = algebra, letters, dict(known or {})

    def visit(self, node: Any) -> Any:
        if node not in self.known:
            self.known[node] = self.reader(type(node))(self, node)
        return self.known[node]

    def many(self, nodes: Any) -> list[Any]:
        return [self.visit(node) for node in nodes]

    def folded(self, sign: str, nodes: Any) -> Any:
        return reduce(lambda a, b: self.algebra.infix(sign, a, b), self.many(nodes))

    @singledispatchmethod
    def read(self, node: Any) -> Any:
        raise BadInput(f"there is no measurement of {type(node).__name__} in {node}")

    @read.register
    def _(self, node: sp.Rational) -> Any:
        return self.algebra.number(node)

    @read.register
    def _(self, node: sp.NumberSymbol) -> Any:
        return self.algebra.constant({sp.pi: "pi", sp.E: "e", sp.EulerGamma: "euler_gamma"}[node])

    @read.register
    def _(self, node: sp.Symbol) -> Any:
        return self.letters[node.name]

    @read.register
    def _(self, node: sp.MatrixSymbol) -> Any:
        value = self.letters[node.name]
        return self.algebra.column(value) if node.shape[1] == 1 else value

    @read.register
    def _(self, node: sp.Add | sp.MatAdd) -> Any:
        return self.folded("+", node.args)

    @read.register
    def _(self, node: sp.Mul | sp.MatMul) -> Any:
        matrices = [part for part in node.args if getattr(part, "is_Matrix", False)]
        scalars = [part for part in node.args if part not in matrices]
        parts = [self.folded("*", scalars)] if scalars else []
        return reduce(
            lambda a, b: self.algebra.infix("*", a, b), [*parts, *([self.chain(matrices)] if matrices else [])]
        )

    def chain(self, matrices: list[Any]) -> Any:
        """A product of matrices, begun at its thinner end."""
        if matrices[-1].shape[1] == 1 and matrices[0].shape[0] != 1:
            return reduce(lambda after, before: self.algebra.infix("@", before, after), self.many(reversed(matrices)))
        return self.folded("@", matrices)

    @read.register
    def _(self, node: sp.Pow) -> Any:
        if node.base is sp.E:
            return self.algebra.call("exp", self.visit(node.exp))
        if node.exp == -1:
            return self.algebra.infix("/", self.algebra.number(sp.S.One), self.visit(node.base))
        return self.algebra.infix("**", self.visit(node.base), self.visit(node.exp))

    @read.register
    def _(self, node: sp.MatPow) -> Any:
        if not node.exp.is_Integer and not isinstance(node.exp, Size):
            raise BadInput(f"a matrix is raised to whole powers, not to {node.exp}")
        return self.algebra.call("linalg.matrix_power", self.visit(node.base), self.visit(node.exp))

    @read.register
    def _(self, node: sp.Transpose) -> Any:
        return self.algebra.transposed(self.visit(node.arg))

    @read.register
    def _(self, node: Adjoint) -> Any:
        return self.algebra.adjoint(self.visit(node.arg))

    @read.register
    def _(self, node: sp.Inverse) -> Any:
        return self.algebra.call("linalg.inv", self.visit(node.arg))

    @read.register
    def _(self, node: sp.Trace) -> Any:
        return self.algebra.call("trace", self.visit(node.arg))

    @read.register
    def _(self, node: sp.Determinant) -> Any:
        return self.algebra.call("linalg.det", self.visit(node.arg))

    @read.register
    def _(self, node: sp.Identity) -> Any:
        return self.algebra.call("eye", self.visit(node.shape[0]))

    @read.register
    def _(self, node: sp.ZeroMatrix) -> Any:
        return self.algebra.call("zeros", *self.many(node.shape))

    @read.register
    def _(self, node: sp.OneMatrix) -> Any:
        return self.algebra.call("ones", *self.many(node.shape))

    @read.register
    def _(self, node: sp.HadamardProduct) -> Any:
        return self.folded("*", node.args)

    @read.register
    def _(self, node: sp.HadamardPower) -> Any:
        return self.algebra.infix("**", self.visit(node.base), self.visit(node.exp))

    @read.register
    def _(self, node: sp.KroneckerProduct) -> Any:
        return reduce(lambda a, b: self.algebra.call("kron", a, b), self.many(node.args))

    @read.register
    def _(self, node: Vec) -> Any:
        return self.algebra.call("vec", self.visit(node.arg))

    @read.register
    def _(self, node: DiagMatrix) -> Any:
        return self.algebra.infix("*", self.algebra.call("eye", self.visit(node.shape[0])), self.visit(node.args[0]))

    @read.register
    def _(self, node: DiagonalOf) -> Any:
        return self.algebra.column(self.algebra.call("diagonal", self.visit(node.arg)))

    @read.register
    def _(self, node: sp.ImmutableDenseMatrix) -> Any:
        return self.algebra.stacked([self.many(node.row(i)) for i in range(node.shape[0])])

    @read.register
    def _(self, node: sp.Function | sp.Max | sp.Min) -> Any:
        row = row_of(type(node))
        if row is None or not row.torch:
            raise BadInput(f"there is no measurement of the function {type(node).__name__}")
        arguments = self.many(node.args)
        if not row.takes:
            return reduce(lambda a, b: self.algebra.call(row.torch, a, b), arguments)
        return self.algebra.call(row.torch, *arguments)

    @read.register
    def _(self, node: laws.ScalarMean | laws.MatrixMean | ScalarSlope | MatrixSlope) -> Any:
        raise BadInput(
            f"{printing.text(node)} is a mean or a gradient inside another one, which is not measured; name it first"
        )

    @read.register
    def _(self, node: laws.Random) -> Any:
        raise BadInput(f"the law of {node} is not sampled yet, so nothing with it is measured")

    @read.register
    def _(self, node: laws.Gaussian) -> Any:
        value = self.scattered(node.name, node.cov, node.shape, node.token_cov)
        if not isinstance(node.mean, sp.ZeroMatrix):
            value = self.algebra.infix("+", self.visit(node.mean), value)
        return self.algebra.named(node.name, value)

    def scattered(self, name: str, cov: Any, shape: Any, token_cov: Any = None) -> Any:
        """A centred Gaussian matrix: roots of both covariances around standard noise."""
        value = self.algebra.noise("normal", name, *self.many(shape))
        if not isinstance(cov, sp.Identity):
            value = self.algebra.infix("@", self.algebra.call("linalg.cholesky", self.visit(cov)), value)
        if token_cov is not None and not isinstance(token_cov, sp.Identity):
            root = self.algebra.call("linalg.cholesky", self.visit(token_cov))
            value = self.algebra.infix("@", value, self.algebra.transposed(root))
        return value

    @read.register
    def _(self, node: ComplexGaussian) -> Any:
        parts = (f"{node.name} real", f"{node.name} imaginary")
        value = self.algebra.call(
            "complex", *(self.scattered(part, node.cov, node.shape, node.token_cov) for part in parts)
        )
        return self.algebra.named(node.name, self.algebra.infix("/", value, self.visit(sp.sqrt(2))))

    @read.register
    def _(self, node: Student) -> Any:
        freedom, algebra = self.visit(node.freedom), self.algebra
        chances = algebra.noise("uniform", f"{node.name} radius", *self.many((sp.S.One, node.shape[1])))
        square = algebra.call("chi_square", chances, freedom)
        return self.scaled(node, algebra.call("sqrt", algebra.infix("/", freedom, square)))

    @read.register
    def _(self, node: Elliptical) -> Any:
        """One law with this kurtosis κ: a column is 0, and with the chance 1/κ it is √κ times a Gaussian one."""
        shape = self.many((1 / node.kurtosis, sp.S.One, node.shape[1]))
        long = self.algebra.noise("bernoulli", f"{node.name} radius", *shape)
        return self.scaled(node, self.algebra.infix("*", self.visit(sp.sqrt(node.kurtosis)), long))

    def scaled(self, node: ScaleMixture, lengths: Any) -> Any:
        """Gaussian columns times their lengths."""
        algebra = self.algebra
        value = algebra.infix("*", lengths, self.scattered(node.name, node.scale, node.shape))
        if not isinstance(node.mean, sp.ZeroMatrix):
            value = algebra.infix("+", self.visit(node.mean), value)
        return algebra.named(node.name, value)

    @read.register
    def _(self, node: Dirichlet) -> Any:
        algebra, d = self.algebra, node.shape[0]
        chances = algebra.noise("uniform", node.name, *self.many(node.shape))
        value = algebra.call("chi_square", chances, self.visit(2 * node.concentration))  # Γ laws, but for a factor
        total = algebra.infix("@", self.visit(sp.OneMatrix(1, d)), value)
        return algebra.named(node.name, algebra.infix("/", value, total))

    @read.register
    def _(self, node: laws.Mask) -> Any:
        return self.algebra.named(
            node.name, self.algebra.noise("bernoulli", node.name, *self.many((node.rate, *node.shape)))
        )

    @read.register
    def _(self, node: Binomial) -> Any:
        coins = self.algebra.noise("bernoulli", node.name, *self.many((node.rate, node.trials, node.shape[0])))
        return self.counted(node, coins)

    @read.register
    def _(self, node: Multinomial) -> Any:
        d, trials = self.many((node.shape[0], node.trials))
        return self.counted(node, self.algebra.call("one_hot", self.algebra.noise("index", node.name, d, trials), d))

    def counted(self, node: Any, draws: Any) -> Any:
        """A column of counts: the sums of the rows of single draws."""
        ones = self.algebra.call("ones", self.visit(node.trials), self.visit(sp.S.One))
        return self.algebra.named(node.name, self.algebra.infix("@", self.algebra.transposed(draws), ones))

    @read.register
    def _(self, node: Poisson) -> Any:
        drawn = self.algebra.noise("poisson", node.name, *self.many((node.rate, *node.shape)))
        return self.algebra.named(node.name, drawn)

    @read.register
    def _(self, node: laws.OneHot) -> Any:
        places = self.visit(node.shape[0])
        chosen = self.algebra.noise("index", node.name, places, self.algebra.number(sp.S.One))
        return self.algebra.named(node.name, self.algebra.transposed(self.algebra.call("one_hot", chosen, places)))

    @read.register
    def _(self, node: laws.Mixture) -> Any:
        algebra, one = self.algebra, self.algebra.number(sp.S.One)
        label = algebra.noise("uniform", f"{node.name} label", one, self.visit(node.shape[1]))
        total, reached, parts = sp.S.Zero, None, []
        for place, (weight, mean, cov) in enumerate(zip(node.weights, node.means, node.covs)):
            total, before = total + weight, reached
            reached = algebra.call("below", label, self.visit(total)) if place < len(node.weights) - 1 else one
            chosen = reached if before is None else algebra.infix("-", reached, before)
            value = self.visit(mean)
            if not isinstance(cov, sp.ZeroMatrix):
                value = algebra.infix("+", value, self.scattered(f"{node.name} {place}", cov, node.shape))
            parts.append(algebra.infix("*", chosen, value))
        return algebra.named(node.name, reduce(lambda a, b: algebra.infix("+", a, b), parts))

    @read.register
    def _(self, node: laws.Haar) -> Any:
        return self.algebra.named(
            node.name, self.algebra.call("orthonormal", self.algebra.noise("normal", node.name, *self.many(node.shape)))
        )

    @read.register
    def _(self, node: laws.Directions) -> Any:
        noise = self.algebra.noise("normal", node.name, *self.many(node.shape))
        return self.algebra.named(node.name, self.algebra.call("directions", noise))

    reader = staticmethod(read.dispatcher.dispatch)  # a singledispatchmethod wraps its function anew at every call
