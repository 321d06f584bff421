"""Scenarios: a package, so that its bot is stopped when its last test has ended."""
