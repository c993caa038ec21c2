"""Recompute a survey thesis on the shared medical record (DMP), from its printed tables up.

The subpackages form one way through the house, and imports only run downwards: `printed` reads what
the thesis published, `survey` loads answers and counts them, `statistics` holds the methods,
`reconstruction` rebuilds 100 rows of answers from print, `results` applies the methods to answers,
`report` regenerates every table and figure, `ledger` judges every number of the thesis.
"""

import os
from importlib import metadata

__all__ = ["__version__"]

# The matrices of a survey are small: threads of linear algebra wait for each other, and a
# decomposition that takes 2 ms on one took 90 on two. NumPy reads this when it is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

try:
    __version__ = metadata.version("dmp-herault")
except metadata.PackageNotFoundError:
    __version__ = "0.0.0"
