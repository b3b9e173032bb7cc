"""The coach: the questions a sceptic would ask of a launch, and the one next step. Arithmetic on values."""
