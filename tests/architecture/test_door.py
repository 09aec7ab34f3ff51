"""The door: everything that a theorem file needs comes from `workbench`, and type checkers see what it is."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import workbench
from workbench.calculus.rules import RULES
from workbench.doors import behind, door
from workbench.language import laws, letters

HOME = Path(__file__).resolve().parents[2]


def test_the_names_that_are_offered_are_those_that_type_checkers_follow():
    for package in ("workbench", "workbench.calculus"):
        module = import_module(package)
        assert {*module.__all__} - {"__version__"} == set(behind(Path(module.__file__).read_bytes()))
        assert len(module.__all__) == len({*module.__all__})


def test_every_offered_name_leads_to_what_its_room_calls_so():
    for name, room in behind((HOME / "workbench" / "__init__.py").read_bytes()).items():
        found = getattr(workbench, name)
        assert callable(found) or found in RULES, f"{name} of {room}"


def test_a_theorem_file_finds_every_rule_law_and_letter_behind_the_door():
    makers = {name for room in (laws, letters) for name, each in vars(room).items() if makes_letters(each, room)}
    assert {rule.name for rule in RULES} | makers | {"E"} <= set(workbench.__all__)
    assert {"gaussian", "haar", "mask", "spd", "unit_vector"} <= makers


def makes_letters(each, room):
    """Whether something is a function whose first parameter is the name of the letter that it makes."""
    own = getattr(each, "__module__", "") == room.__name__ and hasattr(each, "__code__")
    return own and each.__code__.co_varnames[:1] == ("name",)


def test_a_name_behind_no_door_is_refused_with_those_that_are(tmp_path):
    file = tmp_path / "__init__.py"
    file.write_text("if TYPE_CHECKING:\n    from math import pi as circle, tau\n", encoding="utf-8")
    rooms = []
    enter = door("geometry", str(file), rooms.append)
    with pytest.raises(AttributeError, match="geometry has no 'square'; it has circle, tau"):
        enter("square")
    assert enter("tau") > 6 and rooms == ["math"]


def test_an_installed_workbench_says_that_it_is_typed():
    data = tomllib.loads((HOME / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert (HOME / "workbench" / "py.typed").is_file() and "py.typed" in data["*"]
