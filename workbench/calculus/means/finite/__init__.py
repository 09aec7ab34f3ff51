"""Finite laws: masks, random indices and mixtures, summed over their outcomes in every dimension at once."""
