"""Entries: an index means one entry, it is asked about where it could mean two, and what is printed reads back."""

import pytest

from workbench import session
from workbench.errors import BadInput
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import value
from workbench.language import letters as L
from workbench.language.entries import entry
from workbench.language.printing import latex, text
from workbench.language.reading import read_formula
from workbench.sessions.answers import check

d, N = L.size("d"), L.count("N")
LETTERS = {"d": d, "N": N, "A": L.matrix("A", d, N), "Sigma": L.spd("Sigma", d), "w": L.vector("w", d)}


@pytest.mark.parametrize("typed", ["Sigma[0, 1]", "w[0]**2*A[2, 1]", "(Sigma*w)[1]", "A[:, 0]", "(A*A.T)[0, 0]",
                                   "I(d)[:, 1].T*Sigma", "2*w[0]*Sigma[:, 1]", "(w + Sigma[:, 0])[1]"])  # fmt: skip
def test_an_entry_is_printed_as_it_is_read(typed):
    formula = read_formula(typed, LETTERS)
    assert read_formula(text(formula), LETTERS) == formula


@pytest.mark.parametrize(("typed", "said"), [("Sigma_12", r"\Sigma_{12}"), ("w_1", "w_{1}"), ("A_3_12", "A_{3,12}")])
def test_an_entry_in_latex_has_its_index_below_and_reads_back(typed, said):
    formula = read_formula(typed, LETTERS)
    assert latex(formula) == said
    if "," not in said:
        assert read_formula(said, LETTERS) == formula


def test_an_index_below_counts_from_one_and_one_in_brackets_from_zero():
    assert read_formula("Sigma_12", LETTERS) == read_formula("Sigma[0, 1]", LETTERS)


def test_an_entry_is_the_one_of_the_matrix_that_is_drawn():
    formula = entry(LETTERS["A"], 1, 2)
    point = draw(letters_of(formula), "seed", {"d": 3, "N": 4})
    assert value(formula, point) == point[LETTERS["A"]][1, 2]


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("E[x_1 x_2] = Sigma_12", "supported"),
        ("E[x_1 x_2] = Sigma_11", "refuted"),
        ("E[x_1^2 x_2^2] = Sigma_11 Sigma_22 + 2 Sigma_12^2", "supported"),
        ("E[x_1^2 x_2^2] = Sigma_11 Sigma_22 + Sigma_12^2", "refuted"),
        ("E[(X X')[0,1]^2] = N^2 Sigma[0,1]^2 + N(Sigma[0,0] Sigma[1,1] + Sigma[0,1]^2)", "supported"),
        ("E[relu(x_1)] = sqrt(Sigma_11/(2π))", "supported"),
        ("E[relu(x_1)] = sqrt(Sigma_11/π)", "refuted"),
        ("E[X[:, 0]*X[:, 1].T] == Sigma", "refuted"),
        ("E[w_1^2] = 1 where w: 3 ~ N(0, I)", "supported"),
        ("tr(Sigma) = Sigma_11 + Sigma_22 where d = 2", "supported"),
        ("tr(Sigma) = Sigma_11 + Sigma_22 where d = 3", "refuted"),
        ("det(A) = A_11 A_22 - A_12 A_21 where A: 2×2", "supported"),
    ],
)
def test_statements_about_entries_are_judged(statement, status):
    answer = check(statement)
    assert answer.status == status, answer.reason


def test_what_is_read_is_said_with_the_sizes_that_it_needs():
    where = check("E[x_2] = 0").where
    assert "x: d ~ N(0, Sigma); x_2 = entry (2) of x; d > 1" in where


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("E[x_12] = 0", "more than one reading"),
        ("E[X_1] = 0", "more than one reading"),
        ("E[x_0^2] = 1", "counts from one"),
        ("E[x_1 x_1'] = Sigma", "is x_1 an entry, or a column"),
        ("E[x_1 + x[0]] = 0", "write all entries of x in one way"),
        ("E[x_1^2] = Sigma", "the left side is a number"),
        ("E[z_1^2] = 1", "declare z_1 as a letter of its own"),
        ("E[x'x] = A_12", "is A_12 an entry of A, or a letter of its own"),
        ("E[(a'x) x_1] = a_1", "is a_1 an entry of a, or a letter of its own"),
        ("E[x[-1]] = 0", "an entry is written"),
        ("E[X[0]] = 0", "its entries have two indices"),
        ("E[y[2]] = 0 where y: 2 ~ N(0, I)", "counted from 0, so there is none at 2"),
        ("E[z[0]] = 0", "what stands before it is a number"),
    ],
)
def test_an_index_with_two_readings_is_asked_about(statement, sentence):
    with pytest.raises(BadInput, match=sentence):
        check(statement)


def test_names_with_an_index_that_are_letters_of_their_own_stay_so():
    assert check("E[(w_1'x)(w_2'x)] = w_1'Σ w_2").status == "supported"
    assert check("E[x_1 x_2'] = 0 where x_1, x_2 ~ N(0, Sigma)").status == "supported"


def test_a_session_about_entries_becomes_a_theorem_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = session("entries")
    page.let("d: size; Sigma: spd d; x: d ~ N(0, Sigma)")
    page.start("a moment", "E[x[0]**2*x[1]**2]")
    page.expect()
    page.call("moment")
    page.export("pca.entries")
    written = (tmp_path / "derivations" / "pca" / "entries.py").read_text(encoding="utf-8")
    assert "coordinate_1_of_d = coordinate(1, d)" in written and "x[0]" not in written
