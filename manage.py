#!/usr/bin/env python
"""Django's command-line utility for this product."""

import sys

from kadoma_plan.command import run

if __name__ == "__main__":
    run(sys.argv)
