"""Write the files that a reader may take away into the finished book.

`scripts.finish` calls this after a render of Quarto, `scripts.report` after the other builder. The
folder is written beside first. What needs no page is made while another process makes the pages.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from analysis import paths
from analysis.files import csv_text
from scripts import complete

MADE = ".downloads"
"""Where `scripts.report` has what needs no page, beside what makes the pages."""


def make(folder: Path) -> None:
    """Write every file that needs no page; the folder is there once it has all of them."""
    # A page alone needs none of it.
    from analysis.report.register import downloads  # noqa: PLC0415
    from analysis.report.sections.abstract import social_card  # noqa: PLC0415

    begun = folder.with_name(f"{folder.name}.begun")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True)
    for each in downloads():
        # A figure of another's name is the same drawing, which a page shows under that name.
        if each.kind != "figure" or each.make().id != each.id:
            (begun / each.file).write_text(each.content(), encoding="utf-8")
    (begun / complete.SOCIAL_CARD.name).write_bytes(social_card())
    begun.rename(folder)


def write(book: Path, made: Path | None = None) -> None:
    """Write every file into the folder of a book; a figure is the one that a page shows.

    Parameters
    ----------
    book : Path
    made : Path, optional
        Where `make` has put the files, if it was asked to.
    """
    from analysis.report.register import downloads  # noqa: PLC0415

    beside = book / f"{paths.DOWNLOADS}.new"
    shutil.rmtree(beside, ignore_errors=True)
    if made is not None and made.is_dir():
        shutil.copytree(made, beside)
    else:
        make(beside)
    drawn = drawn_in(book)
    for each in downloads():
        if not (beside / each.file).is_file():
            content = drawn.get(each.id) or each.content()
            (beside / each.file).write_text(content, encoding="utf-8")
    (beside / "registre.csv").write_text(ledger_in(book), encoding="utf-8")
    # Never a table of the reader's own (DMP_RESPONDENTS).
    shutil.copyfile(paths.RESPONDENTS, beside / "reponses-reconstituees.csv")
    (beside / complete.SOCIAL_CARD.name).replace(book / complete.SOCIAL_CARD)
    shutil.rmtree(book / paths.DOWNLOADS, ignore_errors=True)
    beside.rename(book / paths.DOWNLOADS)


def drawn_in(book: Path) -> dict[str, str]:
    """Find the figures of the pages by their ids."""
    found: dict[str, str] = {}
    for path in sorted(book.rglob("*.svg")):
        svg = path.read_text(encoding="utf-8")
        named = re.search(r'^<svg [^>]*class="figure-([\w-]+)"', svg)
        if named:
            found.setdefault(named[1], svg)
    return found


def ledger_in(book: Path) -> str:
    """Write the ledger that a page of the book shows as CSV, one row a claim."""
    ledger = complete.read_ledger(book)
    rows = ((*row, " | ".join(readings)) for *row, readings in ledger["lignes"])
    return csv_text(ledger["colonnes"], rows)
