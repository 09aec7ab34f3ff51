"""Other programs: the protocol's own client asks, every record keeps its schema, and nothing ends the server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters

from workbench.errors import BadInput, Exceeded
from workbench.judging.verdicts import SCHEMA
from workbench.limits import Limits
from workbench.serving import mcp, tools
from workbench.serving.mcp import AT_ONCE
from workbench.serving.tools import TOOLS, records
from workbench.sessions.answers import Answer

LOUD = "import os\n\nprint('a word on the standard output')\nos.write(1, b'and another')\n"
ASKED = {
    "supported": ("check", {"statement": "E[X*X.T] == N*Sigma"}),
    "refuted": ("check", {"statement": "E[Y*Y.T] == 2*L*Sigma", "where": "Y: d×L ~ N(0, Sigma)"}),
    "derived": ("derive", {"expression": "E[(y.T*A*y)**2] where y: d ~ N(0, Lambda)"}),
    "endless": ("check", {"statement": "E[exp(exp(exp(x.T*A*x)))] == 1", "time_limit": 1}),
    "executed": ("check", {"statement": "__import__('os').abort() == 1"}),
    "guessed": ("conjecture", {"claim": "vectors.gaussian.length", "formula": "s*d"}),
    "verified": ("verify", {"name": "vectors"}),
    "by path": ("verify", {"name": "../elsewhere"}),
    "shown": ("show", {"name": "vectors.gaussian"}),
    "listed": ("list", {"name": "vectors"}),
    "misspelt": ("check", {"formula": "1 == 1"}),
    "unknown": ("run", {"code": "1"}),
    "last": ("check", {"statement": "E[x*x.T] == Sigma"}),
}


@pytest.fixture(scope="module")
def replies(tmp_path_factory):
    """What the client of the protocol is answered by a server that was started beside a loud theorem file."""
    from tests.conftest import Folder

    here = Folder(tmp_path_factory.mktemp("own")).write("vectors.gaussian")
    path = here.root / "derivations" / "vectors" / "gaussian.py"
    path.write_text(path.read_text(encoding="utf-8") + LOUD, encoding="utf-8")
    return asyncio.run(conversation(str(here.root)))


async def conversation(folder):
    command = StdioServerParameters(command=sys.executable, args=["-m", "workbench", "mcp"], cwd=folder)
    async with Client(command, read_timeout_seconds=120) as client:
        offered = await client.list_tools()
        return {"offered": offered.tools} | {
            name: await client.call_tool(tool, given) for name, (tool, given) in ASKED.items()
        }


def record(replies, name):
    """The record of a reply, which its schema allows."""
    reply, (tool, _) = replies[name], ASKED[name]
    assert not reply.is_error, reply.content[0].text
    Draft202012Validator(TOOLS[tool].output_schema).validate(reply.structured_content)
    return reply.structured_content


def sentence(replies, name):
    """What a reply says that has no record."""
    reply = replies[name]
    assert reply.is_error and reply.structured_content is None
    (content,) = reply.content
    assert "\n" not in content.text and "Traceback" not in content.text
    return content.text


def test_the_tools_are_those_of_the_command_line(replies):
    assert {tool.name for tool in replies["offered"]} == {"check", "derive", "conjecture", "verify", "show", "list"}
    assert all(tool.description and tool.output_schema for tool in replies["offered"])


def test_statements_are_judged_and_a_refuted_one_has_its_witness_and_correction(replies):
    assert record(replies, "supported")["status"] == "supported" and record(replies, "last")["status"] == "supported"
    refuted = record(replies, "refuted")
    assert refuted["status"] == "refuted" and refuted["witness"]["claimed"] > refuted["witness"]["measured"]
    assert refuted["correction"]["formula"] == "L*Sigma"
    assert replies["refuted"].content[0].text.startswith("E[Y*Y.T] = (2*L)*Sigma: REFUTED\n")


def test_a_closed_form_is_derived_line_by_line_and_judged(replies):
    derived = record(replies, "derived")
    assert derived["status"] == "supported" and "tr(A*Lambda)**2" in derived["formula"]
    assert [line["how"] for line in derived["proof"]] == ["given", "derived"]


def test_a_call_that_exceeds_its_limit_is_undecided_and_says_so(replies):
    endless = record(replies, "endless")
    assert endless["status"] == "undecided" and endless["reason"].startswith("exceeded 1 s")


def test_claims_of_the_folder_are_judged_shown_and_listed_though_their_file_prints(replies):
    assert record(replies, "guessed")["status"] == "refuted"
    assert record(replies, "verified")["counts"] == {"supported": 1, "refuted": 0, "undecided": 0}
    (shown,) = record(replies, "shown")["claims"]
    (listed,) = record(replies, "listed")["claims"]
    assert shown["id"] == listed["id"] == "vectors.gaussian.length" and shown["formula"] == "s*tr(Sigma)"


def test_what_cannot_be_answered_is_told_in_a_sentence_and_nothing_is_executed(replies):
    assert "__import__" in sentence(replies, "executed") and "fault" not in sentence(replies, "executed")
    assert sentence(replies, "by path").startswith("no chapter, theorem or claim is called '../elsewhere'")
    assert "'statement' is a required property" in sentence(replies, "misspelt")
    assert sentence(replies, "unknown").startswith("no tool is called 'run'; there are check, derive")


def test_the_schema_names_every_field_of_a_verdict_and_its_version():
    said = records()["$defs"]["verdict"]["properties"]
    assert set(said) == {field.name for field in fields(Answer)}
    versions = [
        each["properties"]["schema"]["const"] for each in records()["$defs"].values() if "schema" in each["properties"]
    ]
    assert versions == [SCHEMA] * 4


def test_a_claim_that_kills_its_child_is_undecided_and_the_others_are_judged(monkeypatch):
    def dying(work, *arguments, limits):
        raise Exceeded(limits.too_large)

    monkeypatch.setattr(tools, "ask", dying)
    record, words = mcp.answer("verify", {"name": "measures.softmax_affine.linear_output"}, Limits(5, 2))
    assert record and record["counts"]["undecided"] == 1 and "exceeded 2 GB of memory" in words
    assert mcp.answer("show", {"name": "measures.flows"}, Limits(5, 2)) == (None, Limits(5, 2).too_large)


def test_a_call_cannot_ask_for_more_than_the_server_allows(monkeypatch):
    monkeypatch.setattr(tools, "ask", lambda work, *arguments, limits: ({"limits": limits}, ""))
    asked = {"statement": "1 == 1", "time_limit": 1000, "memory_limit": 0.5}
    assert TOOLS["check"].call(asked, Limits(5, 2)) == ({"limits": Limits(5, 0.5)}, "")
    with pytest.raises(BadInput, match="time_limit: 0 is less than or equal to the minimum of 0"):
        TOOLS["check"].call(asked | {"time_limit": 0})


SLEEPS = """
def length(s, Sigma, *, draw):
    import os, time
    with open("at_work", "w") as file:
        file.write(str(os.getpid()))
    time.sleep(600)
"""
CLIENT = """
import asyncio, sys
from mcp import Client, StdioServerParameters

async def ask():
    command = StdioServerParameters(command=sys.executable, args=["-m", "workbench", "mcp"])
    async with Client(command) as client:
        await client.call_tool("verify", {"name": "vectors"})

asyncio.run(ask())
"""


@pytest.fixture
def asleep(tmp_path):
    """A folder whose only claim takes ten minutes to measure, and says who is at it."""
    from tests.conftest import Folder

    here = Folder(tmp_path / "own").write("vectors.gaussian")
    (here.root / "numerics" / "vectors" / "gaussian.py").write_text(SLEEPS)
    return here.root


async def at_work(folder):
    """The process that measures, once it does."""
    while not (said := (folder / "at_work").read_text() if (folder / "at_work").exists() else ""):
        await asyncio.sleep(0.1)
    (folder / "at_work").unlink()
    return int(said)


async def ends(process):
    while Path(f"/proc/{process}").exists():
        await asyncio.sleep(0.1)


def test_a_call_that_is_taken_back_ends_its_work_and_so_does_a_client_that_leaves(asleep):
    async def conversation():
        command = StdioServerParameters(command=sys.executable, args=["-m", "workbench", "mcp"], cwd=str(asleep))
        async with Client(command, read_timeout_seconds=300) as client:
            for _ in range(AT_ONCE + 1):  # one more than there are seats
                call = asyncio.create_task(client.call_tool("verify", {"name": "vectors"}))
                process = await at_work(asleep)
                call.cancel()
                await ends(process)
            answered = await client.call_tool("list", {"name": "vectors"})
            call = asyncio.create_task(client.call_tool("verify", {"name": "vectors"}))
            process = await at_work(asleep)
            call.cancel()
        await ends(process)
        return answered

    answered = asyncio.run(asyncio.wait_for(conversation(), 400))
    assert not answered.is_error


def test_a_client_that_dies_ends_the_server_and_its_work(asleep):
    client = subprocess.Popen([sys.executable, "-c", CLIENT], cwd=asleep, stderr=subprocess.DEVNULL)
    process = asyncio.run(asyncio.wait_for(at_work(asleep), 300))
    client.kill()
    client.wait()
    asyncio.run(asyncio.wait_for(ends(process), 30))
