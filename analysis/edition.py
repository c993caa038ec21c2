"""The edition that is built: its commit, and the day of that commit.

A book made twice from one commit is the same bytes: nothing in it tells the day or the machine of
the build. Git itself need not be there; in a copy without its history the commit is the one that
the archive was made from, and where nothing tells one, the day is that of the release in
``CITATION.cff``. ``SOURCE_DATE_EPOCH`` (https://reproducible-builds.org/specs/source-date-epoch/)
goes before all of these.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import yaml

from analysis import paths


@dataclass(frozen=True)
class Edition:
    """What is built.

    Parameters
    ----------
    date : datetime.date
        Day of the commit, in universal time.
    commit : str
        Its hash, in hexadecimal digits; empty where nothing tells it.
    """

    date: datetime.date
    commit: str


def read_edition() -> Edition:
    """Find the commit of this copy of the project.

    Raises
    ------
    ValueError
        If ``SOURCE_DATE_EPOCH`` is not a number of seconds.
    """
    found = _of_repository() or _of_archive() or _of_release()
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    if not seconds:
        return found
    try:
        return Edition(_day(int(seconds)), found.commit)
    except (ValueError, OverflowError, OSError):
        rule = "a number of seconds since 1970"
        raise ValueError(f"SOURCE_DATE_EPOCH: {seconds!r}: {rule}") from None


def read_citation() -> dict[str, Any]:
    """Read how the edition is cited, from ``CITATION.cff``: title, authors, version and more."""
    found: dict[str, Any] = yaml.safe_load((paths.ROOT / "CITATION.cff").read_text("utf-8"))
    return found


def digest_of_data() -> str:
    """Return one SHA-256 for all the data, in hexadecimal digits.

    It is that of the two data packages, one after the other, which have the digest of each file:
    ``cat data/datapackage.json data/reconstructed/datapackage.json | sha256sum``.
    """
    packages = (paths.DATAPACKAGE, paths.RECONSTRUCTED_PACKAGE)
    return sha256(b"".join(path.read_bytes() for path in packages)).hexdigest()


def _day(seconds: int) -> datetime.date:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()


def _of_repository() -> Edition | None:
    from dulwich.errors import NotGitRepository  # noqa: PLC0415
    from dulwich.objects import Commit  # noqa: PLC0415
    from dulwich.repo import Repo  # noqa: PLC0415

    try:
        with Repo(str(paths.ROOT)) as repository:
            commit = repository[repository.head()]
            assert isinstance(commit, Commit)
            return Edition(_day(commit.commit_time), commit.id.decode())
    except (NotGitRepository, KeyError, OSError):
        return None


def _of_archive() -> Edition | None:
    """Read what ``git archive`` writes in the place of two fields (``export-subst``)."""
    if not paths.ARCHIVED.is_file():
        return None
    seconds, _, commit = paths.ARCHIVED.read_text("utf-8").strip().partition(" ")
    return Edition(_day(int(seconds)), commit) if seconds.isdigit() else None


def _of_release() -> Edition:
    return Edition(read_citation()["date-released"], "")
