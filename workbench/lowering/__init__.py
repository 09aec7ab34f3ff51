"""Lowering: any expression of the workbench as a measurement in torch, from its definition alone.

One walk over SymPy expressions with two algebras: tensors, which measure at once, and source text, which
a theorem file keeps. Random letters become named blocks of noise, means become samples, gradients autograd.
This is the one room that sees both SymPy and torch; it knows no rule of the calculus, so that what is
measured shares no code with what is derived.
"""
