"""What a user can do something about: one sentence saying what, where and what to do next."""


class BadInput(ValueError):
    """A name, a path, a formula or a theorem file that cannot be used as it stands."""
