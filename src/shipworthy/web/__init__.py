"""The web app: pages along the path, each a route, a template, a small script and a test of one name."""
