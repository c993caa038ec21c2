"""What Quarto renders is put in place of the book in one form."""

from __future__ import annotations

from scripts.finish import in_order


def test_the_attributes_of_a_table_come_in_one_order() -> None:
    wide, counted = 'data-tbl-colwidths="[1,2]"', 'data-execution_count="3"'
    pages = [
        f'<p>a < b</p><div id="x" {" ".join(each)}><p id="y">'
        for each in ((wide, counted), (counted, wide))
    ]
    assert in_order(pages[0]) == in_order(pages[1])
    assert sorted(in_order(pages[0])) == sorted(pages[0])


def test_the_rest_of_a_page_stays_as_it_is() -> None:
    page = '<div class="b" id="a">data-tbl-colwidths="[1,2]"</div><table data-tbl-colwidths="x">'
    assert in_order(page) == page
