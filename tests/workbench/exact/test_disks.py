"""Stability decided exactly: the same as by computed eigenvalues, and on the circle."""

import numpy as np
from flint import fmpq

from workbench.exact.disks import characteristic, inside, products_less_one


def rational(rows):
    return np.array([[fmpq(int(64 * entry), 64) for entry in row] for row in rows], dtype=object)


def test_eigenvalues_are_inside_exactly_where_numbers_say_so():
    generator, seen = np.random.default_rng(0), set()
    for size in (1, 2, 3, 4):
        for _ in range(25):
            rows = generator.integers(-64, 65, (size, size)) / 64
            radius = np.abs(np.linalg.eigvals(rows)).max()
            assert inside(rational(rows)) == (radius < 1)
            seen.add(radius < 1)
    assert seen == {True, False}


def test_a_rotation_is_not_inside_and_its_product_of_eigenvalues_is_one():
    turn = rational([[0, -1], [1, 0]])
    assert not inside(turn) and inside(turn * fmpq(63, 64)) and not inside(turn * fmpq(65, 64))
    assert products_less_one(turn) == 0 and products_less_one(turn * fmpq(1, 2)) != 0


def test_the_characteristic_polynomial_of_a_triangle_has_its_diagonal_as_roots():
    assert characteristic(rational([[2, 5], [0, 3]])) == [1, -5, 6]
