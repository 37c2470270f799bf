"""Runs a PostgreSQL server of the tests' own: in a folder of its own, on a socket of its own, gone when they are done."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import pytest

ACCESS = """
local all guarded scram-sha-256
local all all trust
local replication all trust
hostssl all all 127.0.0.1/32 trust
"""
"""Who may connect: `guarded` by a password, whoever comes over the network by TLS, everybody else as it is."""
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Nobody needs what these tests write once the machine is off."""


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs: the newest that Debian has put beside each other, else the one on the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda it: float(it.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else None


def absent() -> str | None:
    """Return why there can be no server; None where there can."""
    if programs() is None:
        return "PostgreSQL is not installed: nothing was tested against a shared database"
    try:
        import psycopg  # noqa: F401 - whether it is there
    except ImportError:
        return "psycopg is not installed: nothing was tested against a shared database"
    return None


def need() -> None:
    """Skip the test where there can be no server; fail where there must be one."""
    if why := absent():
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)


class Server:
    """A server, which is stopped and started as a test wants."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        """Of its data and of its socket; short, for a path of a socket is."""
        self.settings = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": str(folder),
            "max_connections": "30",
            "shared_buffers": "32MB",
            **settings,
        }
        self.made = 0
        """How many databases were made; the last is called after it."""

    def run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program of PostgreSQL's, as somebody who is not root: the server refuses to be."""
        folder = programs()
        assert folder is not None
        done = subprocess.run(
            [*_as_nobody(), str(folder / program), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            cwd="/",
            check=False,
        )
        assert not check or done.returncode == 0, (program, done.stdout, done.stderr)
        return done

    def make(self, *more: str) -> None:
        """Make the files of the server, whose superuser is `root`."""
        self.run("initdb", "-D", str(self.folder / "data"), "-U", "root", "-E", "UTF8", "--no-sync", "-A", "trust", *more)  # fmt: skip
        (self.folder / "data" / "pg_hba.conf").write_text(ACCESS)

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = " ".join(f"-c {name}='{value}'" for name, value in self.settings.items())
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self.run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", settings, "start")

    def stop(self, how: str = "immediate") -> None:
        """Stop."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop", check=False)

    def kill(self) -> None:
        """Have all of it gone at once, as if the machine were."""
        first = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in (first, *children):
            os.kill(int(process), signal.SIGKILL)
        while Path(f"/proc/{first}").exists() and not _is_zombie(first):
            time.sleep(0.01)

    def database(self, like: str = "template1") -> str:
        """Make a database, a copy of another that nobody uses; return its name."""
        self.made += 1
        name = f"db{self.made}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {like}")
        return name

    def address(self, database: str, user: str = "root", **parameters: str) -> str:
        """Return the address of a database."""
        given = {"host": str(self.folder), **parameters}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in given.items())
        return f"postgresql://{user}@/{database}?{query}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Return what a statement prints: a line for each row, a tab between the columns."""
        connected = ["-h", str(self.folder), "-p", self.settings["port"], "-U", "root", "-d", database]
        done = self.run(
            "psql", *connected, "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement
        )
        return done.stdout.rstrip("\n")


def _is_zombie(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _as_nobody() -> list[str]:
    if os.geteuid() != 0:
        return []
    user = _owner()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _owner() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _room() -> str:
    """Return where a server lies: in memory where there is room, else on the disk; the path of a socket must be short."""
    memory = "/dev/shm"  # noqa: S108 - a folder of our own is made there
    with suppress(OSError):
        free = os.statvfs(memory)
        if free.f_bavail * free.f_frsize > 1 << 30:
            return memory
    return "/tmp"  # noqa: S108 - the same


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder in which a server may write, and remove it."""
    made = Path(tempfile.mkdtemp(prefix="pg-", dir=_room()))
    try:
        if os.geteuid() == 0:
            shutil.chown(made, _owner().pw_uid)
        made.chmod(0o755)
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def served(settings: Mapping[str, str] = QUICK) -> Iterator[Server]:
    """Give a server that runs."""
    with folder() as made:
        server = Server(made, **settings)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
