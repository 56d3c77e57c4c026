"""Hypothesis profiles for the tests without a chain, where no other conftest has registered them."""

import os

from hypothesis import settings
from hypothesis.errors import InvalidArgument

try:
    settings.get_profile("dev")
except InvalidArgument:
    settings.register_profile("dev", max_examples=60, deadline=None, print_blob=True)
    settings.register_profile("pr", max_examples=300, deadline=None, print_blob=True)
    settings.register_profile("deep", max_examples=10_000, deadline=None, print_blob=True)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))
