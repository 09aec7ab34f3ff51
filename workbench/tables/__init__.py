"""Tables: real data with holes, what the theorems on imputation say of them, and imputers that one can use.

    from workbench import tables
    print(tables.hypotheses(frame))        # what the theorems suppose, held against this table
    print(tables.predict(frame, rates=(0.1, 0.3)))  # the risk of each imputer, predicted and measured
    print(tables.masking(frame, p=0.1))    # how much to hide while a layer is trained on few rows
    tables.OneLayerImputer().fit_transform(frame)   # beside scikit-learn's own imputers

A table is a pandas DataFrame or anything that numpy makes an array of numbers of, NaN where an entry is missing.
scikit-learn and pandas are an extra: pip install 'theorem-workbench[tables]'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.doors import door

if TYPE_CHECKING:
    from workbench.tables.assumptions import hypotheses
    from workbench.tables.imputers import DepthImputer, GaussianImputer, OneLayerImputer
    from workbench.tables.maskings import masking
    from workbench.tables.predictions import predict

__all__ = ["DepthImputer", "GaussianImputer", "OneLayerImputer", "hypotheses", "masking", "predict"]

__getattr__ = door(__name__, __file__)
