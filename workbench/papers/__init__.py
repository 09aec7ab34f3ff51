"""Papers: the statements of a paper, marked where they stand and judged like any that is typed."""
