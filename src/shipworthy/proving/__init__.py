"""The proof that a user can run again: launches whose truth is known, and how often *ship* was wrong."""
