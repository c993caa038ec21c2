"""The commands: ``python -m analysis verify``, ``check``, ``bounds`` and ``reconstruct``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from analysis import paths
from analysis.files import InputError

_INTERRUPTED = 130
"""What shells say of a command that Ctrl-C ended."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit status.

    Parameters
    ----------
    arguments : list of str, optional
        Words of the command line; those of the process by default.
    """
    parser = argparse.ArgumentParser(prog="python -m analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    verified = commands.add_parser("verify", help="does every recorded verdict still hold?")
    verified.add_argument("--update", action="store_true", help="write what comes out instead")
    verified.set_defaults(run=_verify)

    checked = commands.add_parser("check", help="is this respondents table valid?")
    checked.add_argument("file", type=Path)
    checked.add_argument(
        "--against-print",
        action="store_true",
        help="count its rows for every printed statement as well",
    )
    checked.set_defaults(run=_check)

    bounded = commands.add_parser("bounds", help="what does print say of this count of doctors?")
    asked = bounded.add_mutually_exclusive_group(required=True)
    asked.add_argument("question", nargs="?", help='such as "age=60-69 & purpose=consultation"')
    asked.add_argument("--update", action="store_true", help="prove the stored bounds again")
    bounded.add_argument("--group", choices=("users", "non_users"), help="count these only")
    bounded.add_argument("--json", action="store_true", help="answer in JSON")
    bounded.set_defaults(run=_bounds)

    rebuilt = commands.add_parser("reconstruct", help="rebuild the respondents from print")
    rebuilt.add_argument("--seed", type=int, default=2020)
    rebuilt.add_argument("--out", type=Path, help="folder to write (default: data/reconstructed)")
    rebuilt.add_argument(
        "--published", type=Path, help="folder of the printed tables (default: data/published)"
    )
    rebuilt.set_defaults(run=_reconstruct)

    options = parser.parse_args(arguments)
    try:
        status: int = options.run(options)
    except InputError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        print("interrupted: no file was changed", file=sys.stderr)
        return _INTERRUPTED
    return status


def _refuse(error: Exception) -> int:
    """Say what is wrong, a line a fault; return the exit status."""
    lines = error.lines() if isinstance(error, InputError) else [error]
    print(*lines, sep="\n", file=sys.stderr)
    return 1


def _verify(options: argparse.Namespace) -> int:
    from analysis.inputs import check  # noqa: PLC0415
    from analysis.ledger.verification import run, update  # noqa: PLC0415

    try:
        check(recorded=False)
    except InputError as error:
        _refuse(error)
        return 2
    return update() if options.update else run()


def _check(options: argparse.Namespace) -> int:
    from analysis.survey.respondents import read  # noqa: PLC0415

    table = read(options.file)
    excluded = int((table["excluded"] != "").sum()) if "excluded" in table else 0
    print(f"{options.file.name}: {len(table)} rows, {excluded} excluded, no fault")
    if not options.against_print:
        return 0

    from analysis.reconstruction.statements import recount  # noqa: PLC0415

    checks = recount(table[table["excluded"] == ""] if "excluded" in table else table)
    failed = [check for check in checks if not check.holds]
    for check in failed:
        print(f"{options.file.name}: {check.text}", file=sys.stderr)
    n_true = len(checks) - len(failed)
    print(f"{options.file.name}: {n_true} of {len(checks)} printed statements hold")
    return 1 if failed else 0


def _bounds(options: argparse.Namespace) -> int:
    try:
        if options.update:
            from analysis.reconstruction.build import prove  # noqa: PLC0415

            prove(paths.RECONSTRUCTED, report=sys.stderr)
        else:
            from analysis.reconstruction.bounds import answer  # noqa: PLC0415

            print(answer(options.question, options.group, as_json=options.json))
    except (ValueError, OSError) as error:
        return _refuse(error)
    return 0


def _reconstruct(options: argparse.Namespace) -> int:
    from analysis.reconstruction.build import reconstruct  # noqa: PLC0415
    from analysis.reconstruction.search import NotFoundError  # noqa: PLC0415

    try:
        reconstruct(
            options.out or paths.RECONSTRUCTED,
            seed=options.seed,
            report=sys.stderr,
            published=options.published,
        )
    except (ValueError, NotFoundError, OSError) as error:
        return _refuse(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
