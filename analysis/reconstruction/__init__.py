"""The answers, rebuilt from print.

The thesis published no individual answers, and yet prints enough of them to say what they may have
been. The modules tell it in the order of the chapter: what is printed (`statements`), what of it
contradicts (`margins`), the counts that Annexe VI proves (`fingerprints`), rows (`search`), many
tables of them (`ensemble`, `quadrants`), and what is proved of all that print allows (`bounds`).
`counts` has the unknowns that `margins` and `bounds` solve for; `build` makes all of it at once.
"""
