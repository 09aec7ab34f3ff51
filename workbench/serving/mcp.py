"""The command `mcp`: the tools of the workbench for programs that speak the Model Context Protocol, over stdio."""

from __future__ import annotations

import multiprocessing
from typing import Any

import click

from workbench.errors import BadInput, Exceeded, fault
from workbench.limits import STATEMENT, Limits
from workbench.options import MEMORY_LIMIT, TIME_LIMIT
from workbench.serving.children import CALLER, Caller, warmed
from workbench.version import __version__

AT_ONCE = 2  # calls that are worked on; others wait


def server(most: Limits) -> Any:
    """The protocol's server; every call is worked on in a child, within these limits at most."""
    import mcp_types as types
    from anyio import CapacityLimiter, get_cancelled_exc_class, to_thread
    from mcp.server import Server

    from workbench.serving.tools import TOOLS

    seats = CapacityLimiter(AT_ONCE)

    async def offered(context: Any, asked: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=name, description=each.says, input_schema=each.input_schema, output_schema=each.output_schema
                )
                for name, each in TOOLS.items()
            ]
        )

    async def called(context: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        caller = Caller()
        try:
            return await to_thread.run_sync(
                reply, caller, asked.name, asked.arguments or {}, abandon_on_cancel=True, limiter=seats
            )
        except get_cancelled_exc_class():  # who asked has taken it back, or has gone
            caller.leaves()
            raise

    def reply(caller: Caller, name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        CALLER.set(caller)
        record, words = answer(name, arguments, most)
        content = [types.TextContent(type="text", text=words)]
        return types.CallToolResult(content=content, structured_content=record, is_error=record is None)

    return Server("theorem-workbench", version=__version__, on_list_tools=offered, on_call_tool=called)


def answer(name: str, arguments: dict[str, Any], most: Limits) -> tuple[dict[str, Any] | None, str]:
    """The record and the words of a call; no record, and one sentence, where it cannot be answered."""
    from workbench.serving.tools import TOOLS

    try:
        if name not in TOOLS:
            raise BadInput(f"no tool is called {name[:100]!r}; there are {', '.join(TOOLS)}")
        return TOOLS[name].call(arguments, most)
    except (BadInput, Exceeded) as problem:
        return None, str(problem)
    except Exception as problem:
        return None, fault(problem)


async def serve(most: Limits) -> None:
    """Answer whoever speaks on the standard input, until it is closed."""
    from mcp.server.stdio import stdio_server

    speaker = server(most)
    async with stdio_server() as (heard, said):
        await speaker.run(heard, said, speaker.create_initialization_options())


@click.command(short_help="Serve check, derive, verify … to other programs (Model Context Protocol, stdio).")
@TIME_LIMIT
@MEMORY_LIMIT
def mcp(time_limit: float | None, memory_limit: float | None) -> None:
    """Serve the tools check, derive, conjecture, verify, show and list over the Model Context Protocol.

    \b
    A client begins it itself; what it has to be told is
      {"command": "workbench", "args": ["mcp"]}

    Every answer holds a record and its words; workbench/serving/records.json describes the records. Each call works
    in a process of its own: one that exceeds the limits is undecided, and the server lives on. Texts are parsed,
    never evaluated; calls name claims, never files. pip install 'theorem-workbench[mcp]'
    """
    try:
        import anyio
        import mcp_types  # noqa: F401
    except ImportError:
        raise BadInput("the protocol is not installed: pip install 'theorem-workbench[mcp]'") from None
    warmed()
    try:
        anyio.run(serve, STATEMENT.changed(time_limit, memory_limit))
    finally:
        for child in multiprocessing.active_children():  # nobody waits for what they find
            child.kill()
