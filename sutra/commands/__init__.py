"""Commands, one file each: `add_parser` declares its arguments, `run` does it.

>>> import argparse
>>> from sutra.commands import status
>>> parser = argparse.ArgumentParser()
>>> status.add_parser(parser.add_subparsers())
>>> parser.parse_args(["status"]).command is status.run
True
"""
