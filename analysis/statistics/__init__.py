"""Statistics on plain tables: pure functions that know nothing of the survey.

Each module holds one method: its docstring says what the method computes and who published it.
"""
