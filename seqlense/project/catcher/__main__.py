"""Run the catcher until it is told to stop (SIGTERM or Ctrl-C)."""

import argparse
import signal
import sys
import threading

from seqlense.project.catcher.catching import Catcher


def main() -> int:
    """0 after being stopped; 3 when a port is taken."""
    parser = argparse.ArgumentParser(prog="python -m seqlense.project.catcher", description=__doc__)
    parser.add_argument("--smtp-port", type=int, default=1025, help="where Seqlense sends (default: 1025)")
    parser.add_argument("--http-port", type=int, default=8025, help="where you read it (default: 8025)")
    arguments = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        catcher = Catcher(smtp_port=arguments.smtp_port, http_port=arguments.http_port)
        catcher.start()
    except OSError as refused:
        sys.stderr.write(f"catcher: a port is taken already ({refused.strerror})\n")
        return 3
    sys.stdout.write(
        f"Mail is caught on port {catcher.smtp_port}; read it at http://localhost:{catcher.http_port}/\n"
    )
    sys.stdout.flush()
    stopped.wait()
    catcher.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
