"""The catalogue: what exists, read from the source without running it."""

import importlib
import re
import sys

import pytest

from workbench.catalogue import HOME, Catalogue, builtin, catalogue_for, known_here, load, member
from workbench.errors import BadInput


def test_the_workbench_ships_both_chapters_with_the_kinds_they_promise():
    entries = builtin().entries
    kinds = [entry.kind for entry in entries]
    assert len(entries) >= 12 and {entry.parts[0] for entry in entries} >= {"measures", "in_context"}
    assert kinds.count("gradient") >= 2 and kinds.count("fixed point") >= 2 and kinds.count("critical scale") >= 1


def test_a_name_means_a_chapter_a_theorem_or_a_claim(folder):
    folder.write("vectors.other")
    catalogue = Catalogue((folder.root,))
    assert [e.id for e in catalogue.select([])] == ["vectors.gaussian.length", "vectors.other.length"]
    assert len(catalogue.select(["vectors"])) == 2
    assert [e.id for e in catalogue.select(["vectors.other"])] == ["vectors.other.length"]
    assert len(catalogue.select(["vectors.other.length", "vectors"])) == 2


@pytest.mark.parametrize("name", ["vector", "vectors.gaussian.lengths", "vectors.gauss", "length", "", "vectors."])
def test_a_name_that_means_nothing_is_answered_with_what_there_is(folder, name):
    with pytest.raises(BadInput, match=r"did you mean vectors\.gaussian\.length\?|workbench list"):
        Catalogue((folder.root,)).select([name])
    with pytest.raises(BadInput, match="no claim is called"):
        Catalogue((folder.root,)).claim(name)


def test_an_entry_says_what_its_source_says(folder):
    (entry,) = Catalogue((folder.root,)).entries
    assert entry.record() == {
        "id": "vectors.gaussian.length", "kind": "expectation", "source": "by hand",
        "title": "The mean squared length is the trace of the covariance.",
    }  # fmt: skip
    assert entry.derivation.is_file() and entry.twin.is_file()
    assert entry.derivation.read_text().splitlines()[entry.line - 1].startswith("def length")


def test_a_claim_may_name_its_own_source(folder):
    folder.edit("derivations", "vectors.gaussian", "of the covariance.\"\"\"",
                "of the covariance.\n\n    Source: another book,\n    p. 4\n\n    More.\n    \"\"\"")  # fmt: skip
    (entry,) = Catalogue((folder.root,)).entries
    assert entry.source == "another book, p. 4"


def test_reading_runs_nothing(folder):
    folder.edit("derivations", "vectors.gaussian", 'd = size("d")', 'raise SystemExit("executed")')
    assert len(Catalogue((folder.root,)).entries) == 1


def test_a_claim_twice_is_refused(tmp_path, folder):
    other = type(folder)(tmp_path / "copy").write("vectors.gaussian")
    with pytest.raises(BadInput, match=r"vectors\.gaussian\.length exists twice"):
        Catalogue((folder.root, other.root)).entries  # noqa: B018


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"expectation", "E', 'KIND, "E', "write the kind of a claim|kind of a claim as an expression"),
        ("def length():", "def length(:", "not valid Python"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder, old, new, complaint):
    folder.write("vectors.other").edit("derivations", "vectors.gaussian", old, new)
    catalogue = Catalogue((folder.root,))
    assert [entry.id for entry in catalogue.entries] == ["vectors.other.length"]
    (fault,) = catalogue.faults()
    assert re.search(complaint, fault) and "gaussian.py" in fault
    assert catalogue.faults(["vectors.gaussian"]) == catalogue.faults(["vectors"]) == [fault]
    assert catalogue.faults(["vectors.other"]) == []
    with pytest.raises(BadInput, match=complaint):
        catalogue.claim("vectors.gaussian.length")


def test_a_file_that_does_not_import_is_named_with_the_reason(folder):
    folder.edit("derivations", "vectors.gaussian", 'd = size("d")', "d = nowhere")
    (entry,) = Catalogue((folder.root,)).entries
    with pytest.raises(BadInput, match=r"gaussian\.py does not import: NameError: name 'nowhere'"):
        load(entry, "derivations")


def test_a_missing_twin_is_named_with_what_to_write(folder):
    (entry,) = Catalogue((folder.root,)).entries
    folder.edit("numerics", "vectors.gaussian", "def length", "def width")
    with pytest.raises(BadInput, match=r"no function `length`: the twin of vectors\.gaussian\.length is missing"):
        member(entry, "numerics")
    entry.twin.unlink()
    with pytest.raises(BadInput, match=r"has no twin: write .* with a function `length`"):
        load(entry, "numerics")


def test_a_folder_of_ones_own_shadows_nothing(folder):
    folder.write("measures.softmax_affine")
    (own,) = Catalogue((folder.root,)).select(["measures"])
    theirs = load(own, "derivations")
    ours = load(builtin().claim("measures.softmax_affine.output"), "derivations")
    assert theirs is not ours and not hasattr(theirs, "output") and hasattr(ours, "output")
    assert sys.modules["derivations.measures.softmax_affine"] is ours


@pytest.mark.parametrize("place", ["numerics.py", "numerics/__init__.py", "numerics/measures/softmax_affine.py"])
@pytest.mark.parametrize("imported", [False, True])
def test_what_stands_in_the_working_folder_replaces_nothing_of_ours(tmp_path, monkeypatch, place, imported):
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text("MINE = 1\n")
    for name in [name for name in sys.modules if name.partition(".")[0] == "numerics"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(tmp_path)
    if imported:
        importlib.import_module("numerics")
    ours = load(builtin().claim("measures.softmax_affine.output"), "numerics")
    assert hasattr(ours, "output") and str(ours.__file__).startswith(str(HOME / "numerics"))
    assert sys.modules["numerics"].__path__[0] == str(HOME / "numerics")
    for name in [name for name in sys.modules if name.partition(".")[0] == "numerics"]:
        monkeypatch.delitem(sys.modules, name)


def test_paths_and_names_are_told_apart(folder, monkeypatch):
    catalogue, rest = catalogue_for([str(folder.root)])
    assert catalogue.roots == (folder.root.resolve(),) and rest == []
    catalogue, rest = catalogue_for([str(folder.root), "measures"])
    assert catalogue.roots == (HOME, folder.root.resolve()) and rest == ["measures"]
    monkeypatch.chdir(folder.root)
    assert known_here().roots == (HOME, folder.root.resolve())
    assert catalogue_for(["."])[0].roots == (folder.root.resolve(),)


def test_the_file_of_a_theorem_is_a_path_too(folder, monkeypatch):
    monkeypatch.chdir(folder.root)
    for path in ("derivations/vectors/gaussian.py", "numerics/vectors/gaussian.py"):
        assert catalogue_for([path]) == (Catalogue((folder.root.resolve(),)), ["vectors.gaussian"])
    assert catalogue_for([str(folder.root / "derivations/vectors")])[1] == ["vectors"]
    with pytest.raises(BadInput, match="has no derivations/"):
        catalogue_for(["derivations/vectors/nowhere.py"])


def test_a_path_without_the_two_wings_is_refused(tmp_path):
    with pytest.raises(BadInput, match="has no derivations/ and numerics/ in it"):
        catalogue_for([str(tmp_path)])


@pytest.fixture
def installed(tmp_path, folder, monkeypatch):
    """Installs a package in whose folder theorems stand, and registers them."""
    site = tmp_path / "site"

    def install(name="vectors_of_others", package="others", theorem="others.gaussian"):
        type(folder)(site / "others" / "theorems").write(theorem)
        info = site / "others-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[workbench.theorems]\n{name} = {package}.theorems\n")
        (site / "others" / "__init__.py").write_text('raise SystemExit("executed")')
        monkeypatch.syspath_prepend(site)
        return site / "others" / "theorems"

    return install


def test_theorems_that_a_package_registers_are_listed_and_verified_by_name(installed, workbench):
    root = installed()
    assert "others.gaussian.length" in workbench("list").out
    for name in ("others.gaussian.length", "vectors_of_others"):
        entries = [entry.root for entry in catalogue_for([name])[0].select(catalogue_for([name])[1])]
        assert entries == [root], name
    reply = workbench("verify", "vectors_of_others")
    assert reply.code == 0 and "1 supported" in reply.out and str(root) in reply.out


def test_what_is_registered_and_is_no_folder_of_theorems_is_one_sentence(installed, workbench):
    installed(package="nowhere")
    reply = workbench("list")
    assert reply.code == 3 and "registered as 'vectors_of_others' cannot be read" in reply.err
    assert "in_context.one_layer.risk" in reply.out and workbench("list", "in_context").code == 0


def test_a_name_of_the_current_folder_outranks_the_same_name_elsewhere(installed, workbench, folder, monkeypatch):
    installed(theorem="vectors.gaussian")
    folder.write("in_context.one_layer")
    monkeypatch.chdir(folder.root)
    known = known_here()
    assert known.claim("vectors.gaussian.length").root == folder.root
    assert known.claim("in_context.one_layer.length").root == folder.root
    assert known.claim("in_context.one_layer.risk").root == HOME
    assert workbench("list").code == 0
