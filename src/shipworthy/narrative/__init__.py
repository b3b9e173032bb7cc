"""The memo and its words, as data."""
