"""
What holds for all tests: no property test fails for being slow, for a busy machine proves nothing.

No package index and no source of advisories is asked but those that a test stands up itself.
"""

import os

from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")
for name in ("GROUNDCREW_PYPI_INDEX", "GROUNDCREW_NPM_REGISTRY", "GROUNDCREW_ADVISORIES_URL"):
    os.environ[name] = "off"
