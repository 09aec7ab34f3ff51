"""Courses: exercises that say right or wrong, give hints one at a time, and keep the answer for the last."""
