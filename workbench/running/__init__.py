"""Running: many claims at once, by any executor, with nothing finished ever lost."""
