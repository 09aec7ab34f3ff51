"""Judging: a claim is re-checked line by line, confronted with its twin, and given a verdict with its power."""
