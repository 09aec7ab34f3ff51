"""Diagnosis: what a wrong formula should have been.

Where there is a derivation the two are compared term by term; otherwise, and without looking at it,
the correction is searched among slips of the pen and fitted coefficients by what was measured.
Whatever is found is judged on fresh evidence before anybody sees it.
"""
