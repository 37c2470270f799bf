"""Starts the program: signals and descriptors first, for they must hold while all else is still being imported."""

import gc
import os
import signal


def main() -> None:
    """Run the command line, as `indotrade` and as `python -m indotrade`.

    SIGINT and SIGPIPE end the process in silence, as in other tools of the shell; where a standard
    descriptor is closed the null device stands in for it, so that no file that is opened later becomes it.
    """
    for name in ("SIGINT", "SIGPIPE"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    gc.disable()  # a command is short: what it leaves is gone with the process
    from indotrade.cli import app

    try:
        app(prog_name="indotrade")
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    else:
        code = 0
    os._exit(code)  # all output is delivered by now; taking the interpreter apart takes longer than a look-up


if __name__ == "__main__":
    main()
