"""How much of the thesis this edition regenerates: the register and the ledger."""

from __future__ import annotations

from analysis.printed import Verdict, read_claims, read_table
from analysis.report.french import count, percent
from analysis.report.register import Kind, entries
from analysis.report.tables import Cell, Row, Table

__all__ = ["scoreboard", "verdicts"]

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("table", "Tableaux"),
    ("figure", "Figures"),
    ("statistic", "Statistiques"),
)


def verdicts() -> dict[Verdict, int]:
    """Count the numbers and statements of the ledger by recorded verdict."""
    found = [claim.verdict for claim in read_claims()]
    return {verdict: found.count(verdict) for verdict in Verdict}


def scoreboard() -> Table:
    """Set what is regenerated beside what the thesis holds."""
    kinds = read_table("inventory")["kind"].value_counts()
    found = verdicts()
    total = sum(found.values())
    rows = [_row(name, len(entries(kind)), int(kinds[kind])) for kind, name in _KINDS]
    rows.append(
        _row("Nombres et énoncés recalculés", total - found[Verdict.NOT_RECOMPUTABLE], total)
    )
    rows.append(
        _row(
            "Identiques, ou à l’arrondi près",
            found[Verdict.MATCH] + found[Verdict.ROUNDING],
            total - found[Verdict.NOT_RECOMPUTABLE],
        )
    )
    return Table("avancement", ("", "Ici", "Sur", "Part"), tuple(rows))


def _row(name: str, done: int, total: int) -> Row:
    return Row(name, (Cell(count(done)), Cell(count(total)), Cell(percent(done, total, 0))))
