"""``python -m labkit``: see :mod:`labkit.app.command`."""

import sys

from labkit.app.command import main

if __name__ == "__main__":
    sys.exit(main())
