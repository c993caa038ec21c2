"""Recompute a survey thesis on the shared medical record (DMP), from its printed tables up.

The subpackages form one way through the house, and imports only run downwards: `printed` reads what
the thesis published, `reconstruction` rebuilds 100 rows of answers from it, `survey` loads answers,
`statistics` holds the methods, `report` regenerates every table and figure.
"""

from importlib import metadata

__all__ = ["__version__"]

try:
    __version__ = metadata.version("dmp-herault")
except metadata.PackageNotFoundError:
    __version__ = "0.0.0"
