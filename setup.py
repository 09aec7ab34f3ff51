"""Which folders are packages: in a checkout, the house as it stands; in a wheel, the wings within the workbench.

`derivations` and `numerics` are words that other people's programs use too, so an installed workbench takes only its
own name. The rest of the build is declared in pyproject.toml.
"""

import sys

from setuptools import find_namespace_packages, setup

WINGS = ("derivations", "numerics")
INSIDE = "workbench.theorems"  # where workbench/catalogue.py looks for them first
own = find_namespace_packages(include=["workbench", "workbench.*"])
wings = [package for wing in WINGS for package in find_namespace_packages(include=[wing, f"{wing}.*"])]

if "editable_wheel" in sys.argv:
    setup(packages=own + wings)
else:
    places = {f"{INSIDE}.{wing}": wing for wing in WINGS}
    setup(packages=[*own, *(f"{INSIDE}.{package}" for package in wings)], package_dir=places)
