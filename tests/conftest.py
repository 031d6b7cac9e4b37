"""What holds for all tests: no property test fails for being slow, for a busy machine proves nothing."""

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
