"""Sessions: mathematics as it is typed, one line at a time, each line derived, measured and judged at once.

A statement is one line of text, `E[tr(X*C*X.T*B)] == tr(C)*tr(Sigma*B)`; a session is a derivation that grows.
Neither needs a theorem file: the left side is measured from its definition by `workbench.lowering`.
"""
