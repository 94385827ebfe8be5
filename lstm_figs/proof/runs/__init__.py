"""Further runs, derived from the given one."""
