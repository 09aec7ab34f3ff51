"""Gaussian matrices: means of products of traces, by Stein's identity or on integer partitions."""
