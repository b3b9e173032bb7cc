"""Shipworthy: decide whether an AI feature is worth shipping, to whom, and be able to say how you know."""

__version__ = "0.1.0"
__all__ = ["__version__"]
