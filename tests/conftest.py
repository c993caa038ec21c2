"""Property tests draw the same cases each time where a machine runs them, new ones elsewhere."""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("repeatable")
