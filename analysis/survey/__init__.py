"""The survey: its variables, and how many doctors gave each answer.

Examples
--------
>>> from analysis.survey import tabulate
>>> tabulate("uses_dmp").to_dict()
{'oui': 55, 'non': 45}
"""

from analysis.survey.counts import is_source, tabulate
from analysis.survey.schema import VARIABLES, Variable, levels

__all__ = ["VARIABLES", "Variable", "is_source", "levels", "tabulate"]
