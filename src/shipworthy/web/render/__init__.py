"""One output rendered as what it is. Everything here returns markup made of escaped text and nothing else."""
