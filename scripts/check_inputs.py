"""Refuse to build the book from damaged data: one line that says what is wrong, and where.

Quarto runs this before it touches its output (`project: pre-render`); the other builder calls it
too.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.documents import DocumentError
from analysis.printed import PublishedDataError, check_all, read_claims
from analysis.report.glossary import terms
from analysis.report.strobe import items
from analysis.survey.questionnaire import load_questionnaire


def main() -> int:
    """Check every published table, the ledger and every document; return the exit status."""
    try:
        check_all()
        for load in (read_claims, load_questionnaire, items, terms):
            load()
    except (PublishedDataError, DocumentError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
