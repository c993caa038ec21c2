"""Make the rendered book known to the tests beside."""

from tests.book.rendered import book

__all__ = ["book"]
