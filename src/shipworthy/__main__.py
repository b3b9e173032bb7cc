"""`python -m shipworthy`: the same as `shipworthy`."""

from shipworthy.cli.main import main

if __name__ == "__main__":
    main()
