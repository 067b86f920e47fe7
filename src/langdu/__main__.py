"""`python -m langdu` is `langdu`."""

from langdu.cli import main

if __name__ == "__main__":
    main()
