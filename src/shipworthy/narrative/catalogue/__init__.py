"""Every sentence of the memo, by a short key, in each language it is written in: values, and nothing is read."""
