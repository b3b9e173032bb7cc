"""One module a page; `registry.py` lists them."""
