"""The nouns: what a launch, a case, a claim and a verdict are. No input or output, no numerics."""
