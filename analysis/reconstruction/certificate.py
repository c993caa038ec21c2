"""Read the certificate of the rebuilt rows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis import paths

__all__ = ["read_certificate"]


def read_certificate(path: Path | None = None) -> dict[str, Any]:
    """Read what the rebuilt rows were made from and what holds of them.

    Parameters
    ----------
    path : Path, optional
        The certificate; that of the project by default.

    Returns
    -------
    dict
        As `analysis.reconstruction.build.certify` writes it.

    Raises
    ------
    ValueError
        If the file is missing or is not a certificate.
    """
    file = path or paths.CERTIFICATE
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ValueError(f"{file.name}: there is no such file") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{file.name}, row {error.lineno}: not JSON: {error.msg}") from error
    if "constraints" not in found:
        raise ValueError(f"{file.name}: this is no certificate")
    return found
