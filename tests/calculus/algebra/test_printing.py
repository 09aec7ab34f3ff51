"""Printing: what it costs to write a long sum of traces."""

from workbench.calculus.algebra import printing
from workbench.calculus.means.gaussian.expectation import moment
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, matrix, size, tr

d, N = size("d"), count("N")
A, B = matrix("A", d, d), matrix("B", d, d)
Z = gaussian("Z", d, N)


def test_every_letter_is_written_out_once_however_many_traces_hold_it(monkeypatch):
    written = []
    monkeypatch.setattr(printing, "str", lambda letter: written.append(letter) or repr(letter), raising=False)
    for cache in (printing._name, printing._trace_power, printing.trace_expression):
        cache.cache_clear()
    printing.expression_of(moment(E(tr((Z * Z.T * A * Z * Z.T * B) ** 2))))
    assert set(written) == {A, B}
    assert len(written) == 2
