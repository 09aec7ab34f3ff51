"""Critical points: where a gradient vanishes, how stable it is there, where that changes, and the flow to it."""
