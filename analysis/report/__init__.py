"""The report: what the chapters show, and how.

`sections` has one module a section of the thesis, one function a table, figure or statistic;
`register` lists them all. `show` knows tables, figures, marks and French, and nothing of the
survey. What stands beside them all sections share: the `inline` numbers of the prose, their
`traces`, what they rest on (`basis`), and `labels`.
"""
