"""The command `sweep`: a claim derived and measured over a grid of its letters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from workbench.errors import BadInput
from workbench.limits import STATEMENT
from workbench.options import INTERRUPTED, MEMORY_LIMIT, SEED, TIME_LIMIT, UNDECIDED

KEPT = "what is finished is kept, so run the same command again"


@click.command(short_help="A claim derived and measured over a grid of its letters, as a table and a picture.")
@click.argument("claim")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE]")
@click.option("--over", required=True, metavar="AXES", help='E.g. "sigma=0.1:2:40, d=4,8,16, Lambda=I".')
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Draw it: .svg, .png or .pdf.")
@click.option("--samples", default=2**14, show_default=True, type=click.IntRange(16, 2**24),
              help="Random samples of a point, where there is no sharper way (a power of two).")  # fmt: skip
@SEED
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="Worker processes.")
@click.option("--executor", metavar="MODULE:FACTORY|dask", help="Work elsewhere, as in `workbench verify`.")
@TIME_LIMIT
@MEMORY_LIMIT
def sweep(
    claim: str, target: Path | None, over: str, plot: Path | None, samples: int, seed: int, jobs: int,
    executor: str | None, time_limit: float | None, memory_limit: float | None,
) -> None:  # fmt: skip
    """Derive and measure a CLAIM at every point of a grid; write a row for each to FILE (.csv or .parquet).

    \b
    workbench sweep pca.spikes.outlier spikes.csv --over "theta=1.5:4:6, d=10, n=20,40" --plot spikes.svg

    \b
    An axis is one of
      sigma=0.1:2:40       40 values from 0.1 to 2, both included
      d=4,8,16             these values
      C=[[2, 1], [1, 3]]   one matrix;  Lambda=I is the identity of its size
    Every letter of the closed form and of the measurement needs one; sizes may be left to the matrices.
    The columns are the letters, what is derived, what is measured with its error, how, and what was the
    matter where there is no number. Finished points are kept in .workbench/: after a kill the same command
    goes on from there. The numbers depend on the seed and the point alone, not on who measures it.
    """
    from workbench.catalogue import known_here
    from workbench.grids import tables
    from workbench.grids.axes import axes_of
    from workbench.running.workers import executor_called

    entry = known_here().claim(claim)
    axes = axes_of(over)
    if target and target.suffix == ".parquet":
        tables.arrow()
    axes, label = checked(entry, axes, samples, plot)
    lent = executor_called(executor) if executor else None
    limits = STATEMENT.changed(time_limit, memory_limit)
    rows = swept(entry, axes, {"seed": seed, "samples": samples, "limits": limits}, jobs, lent)
    if target:
        tables.write(rows, target)
    else:
        click.echo(tables.as_csv(rows).decode(), nl=False)
    if plot:
        from workbench.grids.pictures import draw

        draw(rows, axes, label, plot)
    conclude(rows, axes)


def checked(entry: Any, axes: dict[str, Any], samples: int, plot: Path | None) -> tuple[dict[str, Any], str]:
    """The axes, whole where they are sizes, and the claim's left-hand side.

    Raises BadInput for what no point of the grid could mend.
    """
    from workbench.grids.measuring import all_given, swept_claim, whole

    if samples & (samples - 1):
        raise BadInput(f"--samples {samples} is no power of two; take {1 << samples.bit_length()}")
    if plot:
        from workbench.grids.pictures import check

        check(axes)
    claim = swept_claim(entry, list(axes))
    all_given(entry, axes)
    return whole(claim, axes), claim.symbol or claim.name


def swept(entry: Any, axes: dict[str, Any], how: dict[str, Any], jobs: int, lent: Any) -> list[Any]:
    """A row for each point, in the order of the grid; points that were finished earlier are not measured again."""
    from workbench.grids.axes import points_of
    from workbench.grids.journals import Journal, digest_of, name_of
    from workbench.grids.measuring import Sweep
    from workbench.grids.sweeping import sweep_points
    from workbench.grids.tables import row_of

    digest, points = digest_of(entry, how["seed"], how["samples"]), points_of(axes)
    journal, found = Journal(digest), dict[str, Any]()
    work = Sweep(entry, digest=digest, **how)
    earlier = sum(name_of(point) in journal.rows for point in points)
    if earlier:
        click.echo(f"{earlier} of {len(points)} points were finished earlier", err=True)
    try:
        with click.progressbar(length=len(points) - earlier, label=entry.id, file=sys.stderr) as bar:
            for point, each in sweep_points(work, points, journal, jobs=jobs, executor=lent):
                found[name_of(point)] = each.record()
                bar.update(1)
    except KeyboardInterrupt:
        click.echo(f"workbench: interrupted; {KEPT}", err=True)
        sys.exit(INTERRUPTED)
    except (BadInput, click.exceptions.Exit):
        raise
    except Exception as problem:
        text = " ".join(str(problem).split())[:200]
        raise BadInput(f"the workers have gone ({type(problem).__name__}: {text}); {KEPT}") from None
    finally:
        journal.close()
    known = journal.rows | found
    return [row_of(point, known[name_of(point)]) for point in points]


def conclude(rows: list[Any], axes: dict[str, Any]) -> None:
    """Say how many points have numbers, how far the two are apart, and what is the matter with the others."""
    from workbench.grids.tables import column

    derived, measured, error, problem = (column(name, axes) for name in ("derived", "measured", "error", "problem"))
    sound = [row for row in rows if not row[problem]]
    said = [row[problem] for row in rows if row[problem]]
    if not sound:
        raise BadInput(f"no point has a value: {said[0]}")
    bars = [abs(row[derived] - row[measured]) / row[error] for row in sound if row[error]]
    apart = f"; the farthest measurement is {max(bars):.1f} error bars from what is derived" if bars else ""
    click.echo(f"{len(sound)} of {len(rows)} points have a value{apart}", err=True)
    if said:
        click.echo(f"workbench: without a value: {len(said)}, the first since {said[0]}", err=True)
    if any("exceeded" in each or "died" in each for each in said):
        sys.exit(UNDECIDED)
