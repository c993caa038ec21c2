"""How the report shows things: tables, figures, marks, and French."""
