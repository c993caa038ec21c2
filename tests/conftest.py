"""What holds for every test, whatever the machine.

Property tests draw the same cases each time, and no case has a time to keep. New ones are drawn by
``pytest --hypothesis-profile searching``.
"""

from hypothesis import HealthCheck, settings

for profile, is_repeatable in (("searching", False), ("repeatable", True)):
    settings.register_profile(
        profile,
        derandomize=is_repeatable,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("repeatable")
