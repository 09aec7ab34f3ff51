"""Derivatives: gradients and Hessians of matrix functions, free or on a sphere, by cutting words."""
