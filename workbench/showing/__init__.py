"""Showing: expressions, claims and verdicts as text, LaTeX, Markdown and HTML."""
