"""The language of formulas: letters, laws and functions; text that is read, and expressions that are printed.

Reading and printing are inverses of each other: whatever is printed reads back to the same formula.
"""
