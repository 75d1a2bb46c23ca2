"""How the core's properties are tested: by a bounded number of examples, however slow the machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("core", deadline=None)
settings.load_profile("core")
