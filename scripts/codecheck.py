"""Write ``codecheck.yml``: which files a reader should be able to make again.

The form is that of the CODECHECK configuration, version 1.0 (https://codecheck.org.uk; Nüst and
Eglen 2021, doi:10.12688/f1000research.51738.2). The manifest has every file of the register, by its
path from the root of the project: ``python -m scripts.codecheck`` after a table or a figure is
added.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from analysis import paths
from analysis.files import write_beside
from analysis.report.register import downloads

VERSION = "https://codecheck.org.uk/spec/config/1.0/"
_KINDS = {"table": "Tableau", "figure": "Figure"}
_REPORT = "_book/chapters/reproduction/registre.html"
_SUMMARY = (
    "The edition checks itself: `make report` makes every file of the manifest again from the data "
    "of the project, and `python -m analysis verify` compares each of their numbers with the "
    "printed thesis. No one outside the project has checked it yet, and there is no certificate."
)


def configuration() -> dict[str, Any]:
    """Make the configuration from the register and the citation of the project."""
    citation = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text(encoding="utf-8"))

    def authors() -> list[dict[str, str]]:
        # A list of its own each time: YAML would write the second as a reference to the first.
        return [{"name": author["name"]} for author in citation["authors"]]

    return {
        "version": VERSION,
        "paper": {"title": citation["title"], "authors": authors()},
        "manifest": [
            {
                "file": f"_book/{paths.DOWNLOADS}/{each.file}",
                "comment": f"{_KINDS[each.kind]} {each.id.upper()} : {each.title} "
                f"(section {each.section}, l. {each.line.replace('-', '–')})",
            }
            for each in downloads()
        ],
        "codechecker": authors(),
        "report": _REPORT,
        "summary": _SUMMARY,
    }


def main(path: Path | None = None) -> int:
    """Write the configuration beside, then in its place; return the exit status."""
    file = path or paths.ROOT / "codecheck.yml"
    text = yaml.safe_dump(
        configuration(), explicit_start=True, allow_unicode=True, sort_keys=False, width=100
    )
    write_beside(file, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
