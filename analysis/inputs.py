"""All that the book is made from, checked before any work is done.

Each file is read by the reader that the report reads it with, so that what passes here is read
later as well. Nothing is computed: this takes a second, where a build takes minutes.

Examples
--------
>>> check()
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis import paths
from analysis.bibliography import check_bibliography
from analysis.files import Fault, Findings, refuse, shown
from analysis.packages import Package, read_package
from analysis.printed import check_all, read_claims, read_readings
from analysis.printed.claims import check_verdicts, read_causes, read_exempt, read_settlements
from analysis.report.sections import annexes, reproduction
from analysis.results import speed
from analysis.settings import check_settings
from analysis.survey import GROUPS, questionnaire, rebuilt, respondents

_DESCRIBE = "after a change that is meant, python -m scripts.digests"
_REBUILD = "only python -m analysis reconstruct changes it"


def check(*, recorded: bool = True) -> None:
    """Check every input of the book.

    Parameters
    ----------
    recorded : bool
        Whether what a program recorded is checked as well: the verdicts of the ledger, the digests
        of the data packages, the inputs of the certificate.

    Raises
    ------
    InputError
        With the faults of all the files.
    """
    found = Findings()
    own = found.of(read_package)
    of_rows = found.of(read_package, paths.RECONSTRUCTED_PACKAGE)
    certificate = found.of(rebuilt.read_certificate)
    if own is not None:
        found.of(check_all)
        claims = found.of(read_claims)
        readings = found.of(read_readings, claims=claims)
        if claims is not None and readings is not None and recorded:
            contested = {name for each in readings for name in each.claims}
            found.of(check_verdicts, claims, contested)
        found.of(read_causes, claims=claims if recorded else None)
        found.of(read_exempt)
        found.of(speed.measured)
        if certificate is not None:
            statements = rebuilt.statements(certificate)
            found.of(read_settlements, statements)
            found.of(rebuilt.read_reasons, paths.REASONS, statements)
    for group in GROUPS:
        found.of(rebuilt.read_ensemble, paths.ENSEMBLES[group], group)
    found.of(rebuilt.read_bounds, paths.BOUNDS)
    found.of(questionnaire.load_questionnaire)
    found.of(annexes.terms)
    found.of(reproduction.items)
    found.of(check_settings)
    found.of(check_bibliography)
    found.of(respondents.read, paths.RESPONDENTS)
    if not respondents.is_rebuilt():
        found.of(respondents.load)
    for package, files, remedy in ((own, _own_files(), _DESCRIBE), (of_rows, _rows(), _REBUILD)):
        if package is not None:
            found.of(refuse, _undescribed(package, files))
            damaged = {fault.file for fault in found.faults}
            changes = package.changes(remedy) if recorded else ()
            found.of(refuse, [each for each in changes if each.file not in damaged])
    if recorded and not found.faults:
        found.of(rebuilt.check_inputs)
    found.refuse()


def _own_files() -> list[Path]:
    documents = [paths.QUESTIONNAIRE, paths.GLOSSARY, paths.STROBE, paths.REFERENCES]
    return [*documents, paths.REBUILT_FILES, *sorted(paths.SCHEMAS.glob("*.json"))]


def _rows() -> list[Path]:
    proved = [paths.BOUNDS, paths.REASONS, paths.CERTIFICATE]
    return [paths.RESPONDENTS, *paths.ENSEMBLES.values(), *proved]


def _undescribed(package: Package, files: Iterable[Path]) -> Iterator[Fault]:
    """Find the files that a package does not describe."""
    known = {each.path for each in package.resources.values()}
    for file in files:
        if file not in known:
            yield package.document.fault(f"no resource is {shown(file)}", "resources")
