"""Closed forms are compared where no usual point looks: far out, beside kinks and spikes, in the tails of a law."""

import pytest

from workbench import check

HIDDEN = {
    "a cap on the tokens": "E[X*X.T*X*X.T] == N*(min(N, 100)*Sigma*Sigma + Sigma*Sigma + tr(Sigma)*Sigma)",
    "a spike in a letter": "E[z**4] == 3 + max(1 - 1000*abs(t - 1/3), 0)",
    "a smooth spike": "E[z**4] == 3 + exp(-10**6*(t - 3/7)**2)",
    "a smooth spike at another place": "E[z**8] == 105 + exp(-10**4*(g - 5)**2)",
    "a narrow step": "E[z**4] == 3 + step(1/4000 - abs(t - 11/9))",
    "a near rank": "E[tr(X*X.T)] == N*tr(Sigma) + max(tr(Sigma**2) - tr(Sigma)**2*999/1000, 0) where d > 1",
    "a step in the tail": "E[step(z - 9)] == 0",
    "a step where floats are zero": "E[step(z - 140)] == 0",
    "a kink where floats are zero": "E[z**2 + max(z - 100, 0)] == 1",
    "a kink in the tail": "E[relu(z + 10)] == 10",
    "the root of a square in the tail": "E[sqrt((z + 9)**2)] == 9",
    "the same as a power": "E[((z + 9)**2)**(1/2)] == 9",
    "a kink beyond the hypotheses": "E[relu(t + g*z)] == t where t > 9; g < 1",
    "a step beyond the hypotheses": "E[step(t + g*z)] == 1 where t > 9; g < 1",
    "a border beyond the kink": "E[z**2*relu(g - h)] == g - h where g > h - 10**(-6)",
    "a border beyond the root": "E[max(g*z, h*z)] == (g - h)/sqrt(2*pi) where g > h - 1/1000",
    "a border beyond a kink beside a mean": "E[tanh(z)**2*relu(g - h)] == (g - h)*E[tanh(z)**2] where g > h - 10**(-6)",
    "a border beyond the kink of a trace": "E[z**2*max(tr(A), 0)] == tr(A) where A: d×d; tr(A) > -1/10**9",
    "a border beyond the root of a square": "tr(A) == sqrt(tr(A)**2) where A: d×d; tr(A) > -1/10**9",
    "a border beside the kink of an spd trace": "E[z**2*max(tr(A), 5)] == tr(A) where A: spd d; tr(A) > 5 - 1/10**9",
    "a threshold far out": "E[z**2] == 1 + max(t - 700, 0)",
    "a kink of a reciprocal": "relu(1/g - 10**8) == 0",
    "a kink of a logarithm": "E[relu(z)*t] == t/sqrt(2*pi) + relu(-log(g) - 60)",
    "a spike in a logarithm": "E[z**2] == 1 + exp(-10**8*(log(g) - 3)**2)",
    "a dip of a power": "max(g**g, 7/10) == g**g",
    "between a kink and the end of a letter": "min(rho, 999999/1000000) == rho",
    "a border beyond the zero of a sine": "abs(sin(t)) == sin(t) where t > 0; t < 31416/10000",
    "a border beyond a branch of acos": "acos(cos(t)) == t where t > 0; t < 315/100",
    "a border beyond a branch of asin": "asin(sin(t)) == t where t > -1; t < 15708/10000",
    "a border beyond a branch of atan": "atan(tan(t)) == t where t > 0; t < 1571/1000",
    "a border beyond a pole": "atan(1/t) == pi/2 - atan(t) where t > -1/1000; t < 5",
    "a corner beyond a branch": "atan(t) + atan(s) == atan((t + s)/(1 - t*s)) where t > 0; s > 0; t < 11/10; s < 1",
}  # fmt: skip


@pytest.mark.parametrize("what", HIDDEN)
def test_what_is_hidden_from_the_usual_points_is_refuted_with_a_witness_and_corrected(what):
    answer = check(HIDDEN[what])
    assert answer.status == "refuted" and answer.witness and answer.correction
    assert answer.compared == "not the derived formula"


RIGHT = [
    "E[abs(t*z)] == abs(t)*sqrt(2/pi)",
    "E[max(z, t)] == t/2 + t*erf(t/sqrt(2))/2 + exp(-t**2/2)/sqrt(2*pi)",
    "E[min(N, 100)*z**2] == min(100, N)",
    "E[z**2*relu(g - h)] == g - h where g > h",
    "E[max(g*z, h*z)] == (g - h)/sqrt(2*pi) where g > h",
    "sqrt((N - d)**2) == N - d where N + 1 > d",
    "E[z**2*max(tr(A), 5)] == tr(A) where A: spd d; tr(A) > 5",
    "max(g**g, 69/100) == g**g",
    "abs(sin(t)) == sin(t) where t > 0; t < 31415/10000",
    "acos(cos(t)) == t where t > 0; t < 314/100",
    "atan(1/t) == pi/2 - atan(t) where t > 0; t < 5",
]


@pytest.mark.parametrize("statement", RIGHT)
def test_right_statements_with_kinks_are_supported_there_too(statement):
    assert check(statement).status == "supported"
