"""Starts the program: signals and descriptors first, for they must hold while all else is still being imported."""

import os
import sys


def main() -> None:
    """Run the command line, as `indotrade` and as `python -m indotrade`."""
    try:
        code = _run()
    except Exception as error:  # noqa: BLE001 - status 1, with which Python ends, means that the answer is no
        code = _unloadable(error)
    os._exit(code)  # all output is delivered by now; taking the interpreter apart takes longer than a look-up


def _run() -> int:
    """Return the exit code of the command line. Raises what goes wrong where a part of the program is imported.

    SIGINT and SIGPIPE end the process in silence, as in other tools of the shell; where a standard
    descriptor is closed the null device stands in for it, so that no file that is opened later becomes it.
    """
    import gc  # here as all else, so that nothing is imported unguarded
    import signal

    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as for `nohup`, and jobs in the background
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    _occupy_closed_descriptors()
    gc.disable()  # a command is short: what it leaves is gone with the process
    from indotrade.cli.app import app

    try:
        app(prog_name="indotrade")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    return 0


def _occupy_closed_descriptors() -> None:
    """Open the null device in place of each closed standard descriptor, the wrong way round.

    Whoever writes to a closed standard output is told so, and not that all was well.
    """
    for descriptor, way in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, way)
            if descriptor == 1:
                sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - to the end of the process


def _unloadable(error: Exception) -> int:
    """Tell that a part of the program could not be imported, with nothing that would have to be; return the exit code."""
    if os.environ.get("INDOTRADE_DEBUG"):
        sys.excepthook(type(error), error, error.__traceback__)
    why = f"{type(error).__name__}: {error}"[:1000].encode("unicode_escape")
    try:  # noqa: SIM105 - another import, which may fail as well
        os.write(
            2, b"indotrade: error: the program cannot be loaded: %s\nhint: install indotrade again\n" % why
        )
    except OSError:
        pass  # nobody hears it
    return 70


if __name__ == "__main__":
    main()
