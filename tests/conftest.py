"""
What holds for all tests: no property test fails for being slow, for a busy machine proves nothing.

No package index is asked but those that a test stands up itself, also by the programs that tests start.
"""

import os

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
for name in ("GROUNDCREW_PYPI_INDEX", "GROUNDCREW_NPM_REGISTRY"):
    os.environ[name] = "off"
