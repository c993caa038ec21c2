"""Build the book without Quarto, from parts that PyPI has.

Quarto is in none of PyPI, npm and Debian. On a machine that cannot reach it, ``python -m builder``
renders the same chapters: IPython runs the cells, Pandoc parses them, resolves the citations and
writes the pages, Typst sets the PDF. What this package adds is the little that those three do not
have: Quarto's cells, cross references and callouts, and a site around the pages.

A source becomes a page in five steps, one module each: ``_qmd`` splits it into prose and cells,
``_execute`` has its cells run by ``cells``, ``_crossref`` numbers and links what has a label,
``_html`` and ``_typst`` write. ``_book`` holds the order of the steps, ``_pandoc`` the calls to
Pandoc. Under Quarto two modules serve as well, which need nothing of all that: ``cells`` and
``beside``, which writes a folder whole or not at all.
"""
