"""The command `cityreport`.

Exit codes: 0 done; 1 a report could not be made, or a verdict on a claim is no longer true; 2 a mistake in what was asked or in the data.
"""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from helpers.parameters import N_PEERS, ParameterError, Parameters, check_universe, universe_places
from helpers.run.staging import blocking_file

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reports on how digital a place is.",
)
data_app = typer.Typer(no_args_is_help=True, help="The Data Package.")
app.add_typer(data_app, name="data")

_KERNELS: dict[str, Literal["fork", "plain"] | None] = {"": None, "fork": "fork", "plain": "plain"}

UniverseOption = Annotated[str, typer.Option(help="ruhr, cities or districts: whom the place is compared with.")]
LanguageOption = Annotated[str, typer.Option(help="de or en.")]
PeersOption = Annotated[str, typer.Option(help="nearest, region, universe, or places separated by commas.")]
PeerCountOption = Annotated[int, typer.Option("--n-peers", help="How many places `nearest` takes.")]
DrawsOption = Annotated[int, typer.Option(help="Alternative indices behind each range of a rank.")]
SeedOption = Annotated[int, typer.Option(help="Of the random numbers: the same seed gives the same report.")]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(version("cityreport"))
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


@app.command()
def render(
    places: Annotated[list[str], typer.Argument(metavar="PLACE...", help="AGS, name or official name.")],
    universe: UniverseOption = "ruhr",
    language: LanguageOption = "de",
    peers: PeersOption = "nearest",
    n_peers: PeerCountOption = N_PEERS,
    draws: DrawsOption = 2000,
    seed: SeedOption = 1,
    out: Annotated[Path, typer.Option(help="Folder that receives the reports.")] = Path("output"),
    kernel: Annotated[str, typer.Option(help="fork or plain; by default fork where it is known to work.")] = "",
    cell_seconds: Annotated[float, typer.Option(help="Time limit of one cell.", min=1)] = 300,
    report_seconds: Annotated[float, typer.Option(help="Time limit of one report.", min=1)] = 1800,
    memory: Annotated[int, typer.Option(help="Limit of the memory of a chapter, in MiB.", min=512)] = 4096,
) -> None:
    """Make the report of one or more places: PDF, figures, tables and executed notebooks."""
    checked: list[Parameters] = []
    faults: list[str] = []
    for place in places:
        try:
            asked = {"place": place, "universe": universe, "language": language, "peers": peers}
            checked.append(Parameters.check(**asked, n_peers=n_peers, draws=draws, seed=seed))
        except ParameterError as error:
            faults += error.faults
    if blocking := blocking_file(out):
        faults.append(f"--out: {str(blocking)!r} is a file; a folder is expected.")
    if kernel not in _KERNELS:
        faults.append(f"--kernel: {kernel!r} is not one of fork, plain.")
    if faults:
        raise ParameterError(list(dict.fromkeys(faults)))
    from helpers.run.console import render_all
    from helpers.run.faults import Limits
    from helpers.run.report import check_targets

    check_targets(checked, out)
    limits = Limits(cell_seconds, report_seconds, memory)
    raise typer.Exit(render_all(list(dict.fromkeys(checked)), out, _KERNELS[kernel], limits))


@app.command("places")
def list_places(
    universe: UniverseOption = "ruhr",
    ags: Annotated[bool, typer.Option("--ags", help="AGS only, one a line.")] = False,
) -> None:
    """List the places of a universe."""
    if faults := check_universe(universe):
        raise ParameterError(faults)
    for place in universe_places(universe).values():
        typer.echo(place.ags if ags else f"{place.ags:8}  {place.name}  ({place.type}, {place.state})")


@app.command("index")
def compute(
    definition: Annotated[Path, typer.Option(help="YAML file: the tree of indicators and the method.")],
    data: Annotated[Path, typer.Option(help="CSV file: a row for each unit, a column for each indicator.")],
    out: Annotated[Path, typer.Option(help="Folder that receives the tables.")],
    replay: Annotated[Path | None, typer.Option(help="CSV file: a row for each draw with its choices.")] = None,
) -> None:
    """Compute an index from any table; write every table on the way. See docs/index-files.md."""
    from helpers.run.index_files import run_index

    run_index(definition, data, out, replay, typer.echo)


@app.command("claims")
def audit_claims(
    place: Annotated[str, typer.Argument(metavar="[PLACE]", help="AGS, name or official name.")] = "Bochum",
    universe: UniverseOption = "ruhr",
    language: LanguageOption = "de",
) -> None:
    """Judge what the press says about a place; exit code 1 if a verdict written down is no longer true."""
    asked = Parameters.check(place=place, universe=universe, language=language)
    from helpers.run.claims import print_audit

    raise typer.Exit(print_audit(asked, typer.echo))


@app.command()
def where(
    figure: Annotated[str, typer.Argument(help="The id beside the number of a figure or table.")],
    place: Annotated[str | None, typer.Argument(metavar="[PLACE]", help="AGS, name or official name.")] = None,
    report: Annotated[Path | None, typer.Option(help="Folder of the report, instead of a place.")] = None,
    universe: UniverseOption = "ruhr",
    language: LanguageOption = "de",
    peers: PeersOption = "nearest",
    n_peers: PeerCountOption = N_PEERS,
    draws: DrawsOption = 2000,
    seed: SeedOption = 1,
    out: Annotated[Path, typer.Option(help="Folder that holds the reports.")] = Path("output"),
) -> None:
    """Tell where a figure or table comes from: notebook, cell, helper, rows, sources, commit."""
    if report and place:
        raise ParameterError([f"report: give a place ({place!r}) or a folder ({str(report)!r}), not both."])
    if report:
        from helpers.run.where import tell_origin

        tell_origin(figure, report, "cityreport render PLACE", typer.echo)
        return
    asked = {"place": place or "Bochum", "universe": universe, "language": language, "peers": peers}
    checked = Parameters.check(**asked, n_peers=n_peers, draws=draws, seed=seed)
    from helpers.run.report import report_folder
    from helpers.run.where import render_command, tell_origin

    tell_origin(figure, report_folder(checked, out), render_command(checked, out), typer.echo)


@data_app.command()
def check() -> None:
    """Check every table, universe, claim and hash of the Data Package; list all faults at once."""
    from helpers.run.package import check_data

    check_data()
    typer.echo("The Data Package is in order.")


@data_app.command()
def seal() -> None:
    """Check the data and write size and hash of each file into datapackage.json; faulty data is refused."""
    from helpers.run.package import seal_data

    changed = seal_data()
    typer.echo(f"The Data Package is checked and sealed; changed: {', '.join(changed) or 'nothing'}.")


def main() -> None:
    """Entry point: a user's mistake becomes a message and exit code 2, never a traceback."""
    try:
        app()
    except ParameterError as error:
        _refuse(error.faults)
    except ValueError as error:
        faults = getattr(error, "faults", None)
        if faults is None:
            raise
        _refuse([str(fault) for fault in faults])


def _refuse(faults: list[str]) -> None:
    for fault in faults:
        print(f"cityreport: {fault}", file=sys.stderr)
    sys.exit(2)
