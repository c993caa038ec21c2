"""The report: what the chapters show, and how.

`sections` has one module a section of the thesis, one function a table, figure or statistic;
`register` lists them all, and the files that a reader may take away. `show` knows tables, figures,
marks and French, and nothing of the survey. What stands beside them all sections share: the
`inline` numbers of the prose, and where a number comes from (`provenance`).
"""
