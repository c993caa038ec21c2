"""What each chapter shows: one module a section, in the order of its page."""
