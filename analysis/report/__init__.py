"""The report: one module a section of the thesis, one function a table, figure or statistic.

Importing the package fills the register (`analysis.report.register`).
"""

from analysis.report import council, demographics, recruitment, usage

__all__ = ["council", "demographics", "recruitment", "usage"]
