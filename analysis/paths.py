"""Every path of the repository, in one place.

A module that reads or writes a file takes its path from here, so that moving a folder is one edit.

The text of the thesis is not part of the repository, nor is that of the second study. Some tests
compare the transcription with them, and look for them beside the checkout, in
``../shared/source``; the environment variable ``DMP_SOURCE`` names another folder. Nothing else
needs them.

Examples
--------
>>> from analysis.paths import DATAPACKAGE, ROOT
>>> DATAPACKAGE.relative_to(ROOT).as_posix()
'data/datapackage.json'
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ARCHIVED = ROOT / ".archived"
SETTINGS = ROOT / "_quarto.yml"
BRAND = ROOT / "_brand.yml"

DATA = ROOT / "data"
DATAPACKAGE = DATA / "datapackage.json"
PUBLISHED = DATA / "published"
QUALITATIVE = DATA / "qualitative"
RECONSTRUCTED = DATA / "reconstructed"
RESPONDENTS = RECONSTRUCTED / "respondents.csv"
ENSEMBLES = {group: RECONSTRUCTED / f"ensemble_{group}.csv.gz" for group in ("users", "non_users")}
BOUNDS = RECONSTRUCTED / "bounds.csv"
REASONS = RECONSTRUCTED / "reasons.csv"
CERTIFICATE = RECONSTRUCTED / "certificate.json"
RECONSTRUCTED_PACKAGE = RECONSTRUCTED / "datapackage.json"
SETTLEMENTS = DATA / "reconstruction" / "settlements.csv"
REBUILT_FILES = DATA / "reconstruction" / "datapackage.json"
"""What describes the rebuilt files, but for the size and the digest of each."""
CLAIMS = DATA / "claims.csv"
READINGS = DATA / "readings.csv"
DIGITS = DATA / "digits.csv"
ERRATA = DATA / "errata.csv"
REFERENCES = DATA / "references.bib"
SCHEMAS = DATA / "schemas"
QUESTIONNAIRE = DATA / "questionnaire.yml"
GLOSSARY = DATA / "glossary.yml"
STROBE = DATA / "strobe.yml"

DOWNLOADS = "telechargements"
"""The folder of the site that holds the files that a reader may take away."""

SOURCE = Path(os.environ.get("DMP_SOURCE") or ROOT.parent / "shared" / "source")
SOURCE_TEXT = SOURCE / "003_3951ccba19dd29c4.txt"
SECOND_STUDY_TEXT = SOURCE / "000_9417f859537f8c4a.txt"
INVENTORY = SOURCE.parent / "INVENTORY.md"
