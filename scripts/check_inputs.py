"""Refuse to build the book from damaged data: a line for each fault says what is wrong, and where.

Quarto runs this before any cell (`project: pre-render`), when it has emptied its output folder
already; `scripts.report` runs it before either road, and leaves the old book as it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.documents import DocumentError
from analysis.printed import PublishedDataError, check_all, read_claims
from analysis.report.glossary import terms
from analysis.report.register import entries
from analysis.report.strobe import items
from analysis.survey import find_faults, is_rebuilt, source
from analysis.survey.questionnaire import load_questionnaire
from analysis.survey.respondents import Fault

_SHOWN = 20


def main() -> int:
    """Check the printed tables, the ledger, the documents, the respondents; return the status."""
    try:
        check_all()
        for load in (read_claims, load_questionnaire, items, terms):
            load()
    except (PublishedDataError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    faults = list(find_faults(source()))
    for fault in faults[:_SHOWN]:
        print(fault, file=sys.stderr)
    if len(faults) > _SHOWN:
        more = f"and {len(faults) - _SHOWN} more: python -m analysis check {source()}"
        print(more, file=sys.stderr)
    if not faults and not is_rebuilt():
        try:
            for entry in entries():
                entry.make()
        except (ValueError, LookupError) as error:
            faults = [Fault(source().name, 0, "", "", f"the report needs more: {error}")]
            print(faults[0], file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
