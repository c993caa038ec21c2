"""What the thesis printed: its tables as text, its numbers with their precision.

`numbers` parses a printed number and compares it with a computed one; `tables` reads the
transcribed tables of ``data/published`` and refuses a damaged one; `sections` knows the lines of
the thesis's sections; `claims` reads the files of the ledger.

Examples
--------
>>> from fractions import Fraction
>>> from analysis.printed import compare, parse_all, read_table
>>> table = read_table("tb3")
>>> count, share = parse_all(table.loc[6, "users"])
>>> compare(share, Fraction(47 * 100, 88))
<Verdict.MATCH: 'match'>
"""

from analysis.printed.claims import KINDS, Claim, Reading, read_claims, read_readings, verdict_of
from analysis.printed.numbers import PrintedNumber, Verdict, compare, parse, parse_all
from analysis.printed.sections import main_section, read_sections
from analysis.printed.tables import (
    PrintedRow,
    Source,
    check_all,
    places,
    printed_row,
    printed_rows,
    read_table,
    table_ids,
)

__all__ = [
    "KINDS",
    "Claim",
    "PrintedNumber",
    "PrintedRow",
    "Reading",
    "Source",
    "Verdict",
    "check_all",
    "compare",
    "main_section",
    "parse",
    "parse_all",
    "places",
    "printed_row",
    "printed_rows",
    "read_claims",
    "read_readings",
    "read_sections",
    "read_table",
    "table_ids",
    "verdict_of",
]
