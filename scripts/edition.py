"""Write which edition this is where both roads to the book read it.

Quarto runs this before a render (`project: pre-render`) and then reads its settings again, of which
`.quarto/edition.yml` is one (`metadata-files`); `scripts.report` calls it before either road.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis import paths
from analysis.edition import digest_of_data, read_citation, read_edition

FILE = paths.ROOT / ".quarto" / "edition.yml"


def _settings() -> dict[str, object]:
    found, citation = read_edition(), read_citation()
    authors = ", ".join(author["name"] for author in citation["authors"])
    version = citation["version"]
    return {
        "book": {"date": found.date},
        "edition": {
            "version": version,
            "commit": found.commit,
            "data": digest_of_data(),
            "citation": f"{authors} ({found.date.year}). {citation['title']}. Version {version}.",
        },
    }


def main() -> int:
    """Write the file, beside first; return the exit status."""
    try:
        text = yaml.safe_dump(_settings(), allow_unicode=True, sort_keys=False)
        FILE.parent.mkdir(exist_ok=True)
        beside = FILE.with_suffix(f".{os.getpid()}")
        beside.write_text(text, encoding="utf-8")
        beside.replace(FILE)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
