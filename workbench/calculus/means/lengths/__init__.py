"""Lengths: powers and logarithms of |x|² and of det XXᵀ, from χ² variables."""
