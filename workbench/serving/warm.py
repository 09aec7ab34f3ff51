"""Warm: what a process has loaded and tried before it is copied for each question.

Its copies cannot use the threads of an accelerator, so it must not begin any.
"""

import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""

from workbench.judging.canaries import flock
from workbench.running.workers import one_thread

one_thread()
if not flock().void:
    from workbench.sessions.answers import check

    for statement in ("E[X*X.T] == N*Sigma", "E[relu(z)] == 1/sqrt(2*pi)"):
        check(statement)
