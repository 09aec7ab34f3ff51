"""Deterministic equivalents: what traces of inverses of large Gaussian matrices tend to, at a fixed ratio of sizes."""
