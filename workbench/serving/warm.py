"""Warm: what a process has loaded and tried before it is copied for each question.

Its copies cannot use the threads of an accelerator, so it must not begin any.
"""

import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""

from workbench.limits import loading, one_thread

one_thread()
with loading():
    from workbench.judging.canaries import flock
    from workbench.sessions.answers import check

    if not flock().void:
        for statement in ("E[X*X.T] == N*Sigma", "E[relu(z)] == 1/sqrt(2*pi)"):
            check(statement)
