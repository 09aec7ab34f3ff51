"""Errata: a formula in print that a claim refutes is listed with its place, beside the derived one."""


def test_formulas_in_print_are_listed_beside_the_derived_ones(workbench):
    reply = workbench("list", "emergence.few_shots", "--errata")
    assert reply.code == 0
    assert "emergence.few_shots.skill: fᵀΠf\n    as printed in arXiv 2404.17563, eq. 17: " in reply.out
    assert "    derived: n*(f.T*f)/D\n" in reply.out and "squared" not in reply.out


def test_a_chapter_without_errata_lists_none(workbench):
    reply = workbench("list", "pca.principal_axes", "--errata")
    assert reply.code == 0 and reply.out == ""


def test_what_is_derived_here_for_the_first_time_is_listed(workbench):
    reply = workbench("list", "imputation", "--new")
    assert "imputation.rate_shifts" in reply.out and "imputation.bayes" not in reply.out
