"""The ledger: every number of the thesis, recomputed and judged.

``data/claims.csv`` has a row for each number that the thesis prints in its sections III to VI, its
abstracts and its annexes II and VI, and for each statement that numbers decide. A row's *key* says
how it is recomputed: a cell of an object that the report regenerates, or an expression of a small
closed language (`expressions`) over questions to the answers, printed numbers and other claims
(`vocabulary`). From the key follow the value, the verdict, and how grave a discrepancy is
(`engine`), and what the claim rests on (`analysis.reconstruction.basis`).

`verification` recomputes all and names what no longer holds, or writes what the machine has to
write; `digits` asks the text of the thesis whether a number was forgotten; `pages` sets the ledger
out for the book.

The ledger stands above the report: it imports it, and is imported by chapters only.
"""
