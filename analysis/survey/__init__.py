"""The survey: its variables, and how many doctors gave each answer.

Examples
--------
>>> from analysis.survey import tabulate
>>> tabulate("uses_dmp").to_dict()
{'oui': 55, 'non': 45}
"""

from analysis.survey.counts import tabulate
from analysis.survey.question import Question, QuestionError, ask
from analysis.survey.respondents import is_rebuilt, load, source
from analysis.survey.schema import GROUPS, VARIABLES, Group, Variable, levels

__all__ = [
    "GROUPS",
    "VARIABLES",
    "Group",
    "Question",
    "QuestionError",
    "Variable",
    "ask",
    "is_rebuilt",
    "levels",
    "load",
    "source",
    "tabulate",
]
