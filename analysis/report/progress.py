"""How much of the thesis this edition regenerates: the register against the inventory."""

from __future__ import annotations

from analysis.printed import Verdict, read_table
from analysis.report.checks import Check
from analysis.report.figures import Figure
from analysis.report.french import count, percent
from analysis.report.register import Kind, entries
from analysis.report.statistics import Statistic
from analysis.report.tables import Cell, Row, Table

__all__ = ["checks", "scoreboard", "verdicts"]

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("table", "Tableaux"),
    ("figure", "Figures"),
    ("statistic", "Statistiques"),
)


def checks() -> tuple[Check, ...]:
    """Gather every comparison with print that the registered objects make.

    A statistic that a table shows is counted once, with the table.
    """
    made = [entry.make() for entry in entries()]
    found = [check for thing in made if isinstance(thing, Table | Figure) for check in thing.checks]
    shown = {(check.line, check.printed.text) for check in found}
    found += [
        thing.check
        for thing in made
        if isinstance(thing, Statistic) and (thing.line, thing.printed) not in shown
    ]
    return tuple(check for check in found if not check.given)


def verdicts() -> dict[Verdict, int]:
    """Count the comparisons by verdict."""
    found = [check.verdict for check in checks()]
    return {verdict: found.count(verdict) for verdict in Verdict}


def scoreboard() -> Table:
    """Set what is regenerated beside what the thesis holds."""
    kinds = read_table("inventory")["kind"].value_counts()
    rows = []
    for kind, name in _KINDS:
        done, total = len(entries(kind)), int(kinds[kind])
        rows.append(
            Row(name, (Cell(count(done)), Cell(count(total)), Cell(percent(done, total, 0))))
        )
    return Table("avancement", ("", "Refaits ici", "Dans la thèse", "Part"), tuple(rows))
