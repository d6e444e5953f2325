"""Command line: `python3 -m geowps_worker template --socket PATH --work DIR [--models DIR]… [--scripts DIR]…`."""
from __future__ import annotations

import argparse
import os

from . import template


def main() -> None:
    parser = argparse.ArgumentParser(prog='geowps_worker')
    commands = parser.add_subparsers(dest='command', required=True)
    command = commands.add_parser('template', help='initialise QGIS once and fork workers when asked')
    command.add_argument('--socket', required=True, help="the host's Unix stream socket")
    command.add_argument('--work', required=True, help="folder below which the jobs' folders lie")
    command.add_argument('--models', action='append', default=[], help='folder of .model3 files; may be repeated')
    command.add_argument('--scripts', action='append', default=[], help='folder of .py scripts; may be repeated')
    options = parser.parse_args()
    os.dup2(2, 1)  # plug-ins and GDAL print
    template.serve(options.socket, options.work, options.models, options.scripts)


if __name__ == '__main__':
    main()
