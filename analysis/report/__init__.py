"""The report: one module a section of the thesis, one function a table, figure or statistic.

A chapter imports the module of its section; `analysis.report.register` lists them all.
"""
