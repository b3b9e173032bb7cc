"""Adapters that read other tools' files."""
