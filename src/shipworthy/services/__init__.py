"""One verb a file: the only place where values and effects meet."""
