"""Surroundings: encodings, folders, signals and readers, none of which may change or lose a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.showing.documents import Document, Part, Section, as_latex, as_markdown
from workbench.showing.prose import escaped

BOM = b"\xef\xbb\xbf"
ENCODINGS = {
    "a mark of its byte order": lambda text: BOM + text.encode(),
    "a declared latin-1": lambda text: b"# -*- coding: latin-1 -*-\n" + text.replace("²", "\xe9").encode("latin-1"),
    "carriage returns": lambda text: text.replace("\n", "\r\n").encode(),
}
UNREADABLE = {
    "an undeclared latin-1": lambda text: text.replace("²", "\xe9").encode("latin-1"),
    "a zero byte": lambda text: text.encode() + b"\x00",
    "sixteen bits": lambda text: text.encode("utf-16"),
    "half a file": lambda text: text.encode()[:-20] + b"(",
    "an unknown encoding": lambda text: b"# -*- coding: nowhere -*-\n" + text.encode(),
    "a thousand brackets": lambda text: text.encode() + b"\n" + b"(" * 1000,
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_file_in_any_encoding_that_python_reads_is_verified(workbench, folder, name):
    path = folder.root / "derivations" / "vectors" / "gaussian.py"
    path.write_bytes(ENCODINGS[name](path.read_text(encoding="utf-8")))
    reply = workbench("verify", folder.root)
    assert reply.code == 0 and "1 supported" in reply.out, reply


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_python_cannot_read_blocks_itself_and_nothing_else(workbench, folder, name):
    folder.write("vectors.second")
    path = folder.root / "derivations" / "vectors" / "gaussian.py"
    path.write_bytes(UNREADABLE[name](path.read_text(encoding="utf-8")))
    reply = workbench("verify", folder.root)
    assert reply.code == 3 and "1 supported" in reply.out and len(reply.err.strip().splitlines()) == 1, reply
    assert "gaussian.py" in reply.err and "Traceback" not in reply.err
    assert workbench("verify", folder.root, "vectors.second").code in (0, 3)
    assert workbench("verify", str(folder.root / "derivations" / "vectors" / "second.py")).code == 0


WANDERING = """
import os

import torch

os.chdir("/")


def length(s, Sigma, *, draw):
    os.chdir("/")
    x = torch.linalg.cholesky(Sigma) @ draw.normal("x", len(Sigma))
    return s * (x @ x)
"""


def test_code_that_goes_elsewhere_takes_neither_record_nor_files_with_it(workbench, folder):
    folder.write("vectors.gaussian", twin=WANDERING).write("vectors.second")
    here = Path.cwd()
    assert workbench("verify", folder.root, "--json", "found.json").code == 0
    assert Path.cwd() == here and (here / "found.json").is_file() and (here / ".workbench" / "record.sqlite").is_file()
    assert workbench("verify", folder.root).out.count("from the record") >= 2


TERMINATED = """
import os
import signal

import torch


def length(s, Sigma, *, draw):
    os.kill(os.getpid(), signal.SIGTERM)
    return s
"""


def test_a_run_that_is_told_to_end_says_what_it_has_found(workbench, folder):
    folder.write("zzz.last", twin=TERMINATED)
    reply = workbench("verify", folder.root)
    assert reply.code == 130 and "1 supported  0 refuted  0 undecided" in reply.out, reply
    assert "interrupted" in reply.err and "Traceback" not in reply.err
    assert "from the record" in workbench("verify", str(folder.root), "vectors.gaussian").out


COMPLEX = {
    "a complex number": "return torch.complex(s * (x @ x), x[0])",
    "complex numbers without an imaginary part": "return s * (x @ x) + 0j",
    "a Python number": "return complex(1, 2)",
}


@pytest.mark.parametrize("line", COMPLEX)
def test_a_twin_that_makes_complex_numbers_loses_no_half_of_them(workbench, folder, line):
    folder.edit("numerics", "vectors.gaussian", "return s * (x @ x)", COMPLEX[line])
    reply = workbench("verify", folder.root)
    assert reply.code == 3 and "complex" in reply.err and len(reply.err.strip().splitlines()) == 1, reply


def test_an_experiment_and_a_function_of_means_may_not_be_complex_either(workbench, folder):
    for protocol in ("experiment(runs=4)", "function_of_means(lambda mean: mean + 0j)"):
        name = protocol.partition("(")[0]
        path = folder.root / "numerics" / "vectors" / "gaussian.py"
        text = folder.write("vectors.gaussian") and path.read_text()
        text = text.replace("import torch\n", f"import torch\nfrom workbench.evidence import {name}\n")
        text = text.replace("def length", f"@{protocol}\ndef length")
        path.write_text(text.replace("return s * (x @ x)", "return s * (x @ x) + 0j" if "exp" in name else "return s"))
        reply = workbench("verify", folder.root)
        assert reply.code == 3 and "complex" in reply.err, reply


def test_verifying_a_folder_says_once_that_its_code_is_run(workbench, folder):
    first, second = workbench("verify", folder.root), workbench("verify", folder.root)
    assert "runs the Python code" in first.out and str(folder.root) in first.out
    assert "runs the Python code" not in second.out


LINKS = [
    "[a proof](javascript:alert(1))", "![a proof](javascript:alert(1))", "[a proof][x]\n\n[x]: javascript:alert(1)",
    "<javascript:alert(1)>", "<a href='javascript:alert(1)'>a proof</a>", "[a](<javascript:alert(1)>)",
    "[a](data:text/html,x)", "<script>alert(1)</script>", "<!-- hidden -->",
]  # fmt: skip


@pytest.mark.parametrize("text", LINKS)
def test_markdown_holds_no_links_and_no_tags_of_others(text):
    page = as_markdown(Document(text, (Section(text, text, (Part(text, text, ((text, text, "x"),), (text,)),)),)))
    assert "](" not in page and "][" not in page and "]:" not in page
    assert not any(f"<{tag}" in page for tag in ("a ", "script", "javascript", "!--"))


TEX = [r"\input{/etc/passwd}", r"\write18{touch pwned}", "$x$", "%", "#1", "a_b^c", "{", "~", "\\"]


@pytest.mark.parametrize("text", TEX)
def test_latex_holds_no_commands_of_others(text):
    page = as_latex(Document(text, (Section(text, text, ()),)))
    assert r"\input" not in page and r"\write18" not in page and escaped(text) in page
