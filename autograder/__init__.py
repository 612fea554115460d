"""Turns text exercises into nbgrader assignments, and submissions into grades."""
