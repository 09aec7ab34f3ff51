"""Serving: one warm process answers many questions, each in a copy of itself that its limits end."""
