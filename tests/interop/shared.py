"""Breaks the servers of a shared database for real: `shared.py INDOTRADE`, with PostgreSQL's programs from Debian.

A primary is killed while a standby follows it, a server is restarted and its disk filled up while it is published to,
publishers are killed and race, connections are encrypted. What cannot be done here is said, and is a failure if CI is
"true".
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import making
import samples
import serving
from serving import Server

COUNT = 9_000
"""How many claims a dataset has that takes a few seconds to publish."""
LONGEST = 8.0
"""How many seconds the slowest look-up may take while a primary dies: more than a connection may, on a busy machine."""
ASKERS = 3


class Impossible(Exception):
    """This machine does not let it be tried."""


class Program:
    """The program, installed: run as a person runs it."""

    def __init__(self, path: str, room: Path) -> None:
        self.path = path
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.environment = kept | {"HOME": str(room), "XDG_CACHE_HOME": str(room / "cache")}

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command."""
        command = [self.path, *map(str, arguments)]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment
        )

    def run(self, *arguments: str | Path, status: int = 0) -> tuple[str, str]:
        """Return what a command prints and says. Raises AssertionError where it ends otherwise than with `status`."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        assert process.returncode == status, (arguments, process.returncode, out[:500], err)
        return out, err


def tables(server: Server, database: str) -> int:
    """Return how many tables of publications there are."""
    counted = "SELECT count(*) FROM pg_tables WHERE schemaname = 'indotrade' AND tablename ~ '_[0-9]+$'"
    return int(server.sql(counted, database))


def versions(room: Path) -> tuple[Path, Path]:
    """Return the folders of a small dataset and of its next version, which takes a while to publish."""
    described = samples.sample()["dataset"]
    old = making.dataset(room / "old", 30, dataset=described | {"version": "1"})
    new = making.dataset(room / "new", COUNT, dataset=described | {"version": "2"})
    return old, new


# --- failover ------------------------------------------------------------------------------------------


@contextmanager
def pair(**settings: str) -> Iterator[tuple[Server, Server]]:
    """Give a primary, and a standby that has all of it."""
    with ExitStack() as stack:
        primary, standby = (Server(stack.enter_context(serving.folder()), **settings) for _ in range(2))
        for server, port in zip((primary, standby), free_ports(2), strict=True):
            server.settings["port"] = str(port)
        primary.make()
        primary.start()
        stack.callback(primary.stop)
        source = f"host={primary.folder} port={primary.settings['port']} user=root"
        primary.run("pg_basebackup", "-D", str(standby.folder / "data"), "-d", source, "-R", "-c", "fast")
        standby.start()
        stack.callback(standby.stop)
        yield primary, standby


def free_ports(count: int) -> list[int]:
    """Return ports on which nobody listens."""
    import socket

    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [it.getsockname()[1] for it in sockets]


def caught_up(primary: Server, standby: Server) -> None:
    """Wait until the standby has all that the primary has."""
    place = primary.sql("SELECT pg_current_wal_lsn()")
    while standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{place}'") != "t":
        time.sleep(0.05)


def failover(program: Program, room: Path) -> str:
    """Kill the primary while look-ups go on; return what became of them."""
    told = []
    for way in ("sockets", "loopback"):
        with pair(listen_addresses="127.0.0.1" if way == "loopback" else "") as (primary, standby):
            if way == "loopback":
                for server in (primary, standby):
                    (server.folder / "data" / "pg_hba.conf").write_text(
                        "local all all trust\nhost all all 127.0.0.1/32 trust\n"
                    )
                    server.run("pg_ctl", "-D", str(server.folder / "data"), "reload")
            hosts = [
                quote(str(it.folder), safe="") if way == "sockets" else "127.0.0.1"
                for it in (primary, standby)
            ]
            places = [
                f"{host}:{it.settings['port']}" for host, it in zip(hosts, (primary, standby), strict=True)
            ]
            address = f"postgresql://root@{','.join(places)}/postgres?target_session_attrs=any"
            old, _ = versions(room / way)
            program.run("export", address, "--data", old)
            caught_up(primary, standby)
            told.append(f"{way}: {asked_meanwhile(program, address, old, primary.kill)}")
            begun = time.monotonic()
            _, said = program.run("export", address, "--data", old, status=3)  # a standby takes nothing
            assert said.startswith("indotrade: error: cannot reach the shared database"), said
            assert time.monotonic() - begun < LONGEST
    return "; ".join(told)


def asked_meanwhile(program: Program, address: str, data: Path, kill: Callable[[], None]) -> str:
    """Ask in loops while something is killed; return how many look-ups there were, and how long the slowest took."""
    lines = (("list", "--json"), ("sector", "clove", "--json"), ("search", "ship 2", "-f", "csv"))
    right = {line: program.run(*line, "--data", data)[0] for line in lines}
    ended = threading.Event()
    taken: list[tuple[float, float]] = []
    wrong: list[object] = []

    def ask() -> None:
        while not ended.is_set():
            for line in lines:
                begun = time.monotonic()
                try:
                    if program.run(*line, "--data", address)[0] != right[line]:
                        wrong.append(line)
                except AssertionError as error:
                    wrong.append(error)
                taken.append((begun, time.monotonic() - begun))

    askers = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    time.sleep(3)
    killed = time.monotonic()
    kill()
    time.sleep(6)
    ended.set()
    for asker in askers:
        asker.join()
    assert not wrong, wrong[:3]
    after = sum(begun > killed for begun, _ in taken)
    slowest = max(seconds for _, seconds in taken)
    assert 0 < after < len(taken)
    assert slowest < LONGEST, slowest
    return f"{len(taken)} look-ups, {after} of them afterwards, all right, the slowest in {slowest:.1f} s"


# --- encrypted -----------------------------------------------------------------------------------------


def encrypted(program: Program, room: Path) -> str:
    """Ask over TLS: with the right certificate, with another, under another name, and without."""
    with serving.folder() as made:
        (port,) = free_ports(1)
        server = Server(made, listen_addresses="127.0.0.1", port=str(port), ssl="on")
        server.make()
        for name in ("right", "other"):
            certificate(room / name)
        for file in ("server.key", "server.crt"):
            target = made / "data" / file
            target.write_bytes((room / "right" / file).read_bytes())
            target.chmod(0o600)
            os.chown(target, made.stat().st_uid, made.stat().st_gid)
        server.start()
        try:
            old, _ = versions(room)
            place = f"postgresql://root@{{}}:{port}/postgres?sslmode={{}}&sslrootcert={{}}"
            right, other = (room / name / "authority.crt" for name in ("right", "other"))
            address = place.format("localhost", "verify-full", right)
            program.run("export", address, "--data", old)
            assert program.run("list", "--json", "--data", address) == program.run(
                "list", "--json", "--data", old
            )
            for wrong in (
                place.format("localhost", "verify-full", other),
                place.format("127.0.0.1", "verify-full", right),
                place.format("localhost", "disable", right),
            ):
                out, said = program.run("list", "--data", wrong, status=3)
                assert (out, said.count("\n")) == ("", 1), said
        finally:
            server.stop()
    return "asked with the certificate, refused with another, under another name and without"


def certificate(folder: Path) -> None:
    """Make an authority, and a certificate of it for `localhost`."""
    folder.mkdir()

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    new = ("req", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    openssl(*new, "-x509", "-subj", f"/CN={folder.name}", "-keyout", "authority.key", "-out", "authority.crt")
    openssl(*new, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    (folder / "names").write_text("subjectAltName=DNS:localhost\n")
    signed = ("-CA", "authority.crt", "-CAkey", "authority.key", "-CAcreateserial", "-extfile", "names")
    openssl("x509", "-req", "-in", "server.csr", "-days", "2", *signed, "-out", "server.crt")


# --- publishing ----------------------------------------------------------------------------------------


def restarted(program: Program, room: Path) -> str:
    """Restart the server in the middle of a publication."""
    with serving.served() as server:
        old, new = versions(room)
        address = server.address("postgres")
        program.run("export", address, "--data", old)
        program.run("list", "-n", "1", "--data", new)  # its index is built
        process = program.start("export", address, "--data", new)
        wait_for_parts(server)
        server.stop()
        out, said = program.run("list", "--data", address, status=3)
        assert (out, said.count("\n")) == ("", 1), said
        server.start()
        said = process.communicate(timeout=120)[1]
        assert process.returncode == 0, said
        same(program, address, new)
        assert tables(server, "postgres") == 18
    return "it waited, and went on where it was cut"


def wait_for_parts(server: Server) -> None:
    """Wait until a part of a publication is in."""
    parts = "SELECT coalesce(max(parts), 0) FROM indotrade.publication WHERE published IS NULL"
    end = time.monotonic() + 60
    while server.sql(parts) == "0":
        assert time.monotonic() < end
        time.sleep(0.01)


def same(program: Program, address: str, data: Path) -> None:
    """Hold that a database answers as a dataset."""
    for line in (("list", "-f", "ndjson"), ("sector", "--json"), ("search", "ship 7", "--json")):
        assert program.run(*line, "--data", address) == program.run(*line, "--data", data)


def stopped(program: Program, room: Path) -> str:
    """Stop publishers in the middle; the next one goes on or clears away, and the old version answers meanwhile."""
    with serving.served() as server:
        old, new = versions(room)
        address = server.address("postgres")
        program.run("export", address, "--data", old)
        program.run("list", "-n", "1", "--data", new)
        for number, left in ((signal.SIGINT, 9), (signal.SIGTERM, 9), (signal.SIGKILL, 18)):
            process = program.start("export", address, "--data", new)
            wait_for_parts(server)
            process.send_signal(number)
            assert process.communicate(timeout=60) == ("", "")
            assert process.returncode == -number
            same(program, address, old)
            assert tables(server, "postgres") == left, number
        program.run("export", address, "--data", new)
        same(program, address, new)
        assert tables(server, "postgres") == 18
        assert server.sql("SELECT count(*) FROM indotrade.publication") == "2"
    return "the old version answered, and nothing was left"


def raced(program: Program, room: Path) -> str:
    """Have two publish at once, again and again."""
    with serving.served() as server:
        old, new = versions(room)
        address = server.address("postgres")
        ends = []
        for _ in range(4):
            processes = [program.start("export", address, "--data", data) for data in (old, new)]
            said = [process.communicate(timeout=120)[1] for process in processes]
            statuses = [process.returncode for process in processes]
            assert set(statuses) <= {0, 4}, said
            assert 0 in statuses, said
            ends.append(statuses)
            version = json.loads(program.run("list", "-n", "1", "--json", "--data", address)[0])["dataset"][
                "version"
            ]
            same(program, address, {"1": old, "2": new}[version])
            assert tables(server, "postgres") <= 18
    both = sum(statuses == [0, 0] for statuses in ends)
    return f"4 races: {both} in which one came after the other, {4 - both} in which one was told to wait; never half"


def full(program: Program, room: Path) -> str:
    """Publish where there is no room for it."""
    with serving.served() as server:
        small = server.folder / "small"
        small.mkdir()
        owner = server.folder.stat()
        options = f"size=11m,mode=0700,uid={owner.st_uid},gid={owner.st_gid}"
        as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        mounted = subprocess.run(
            [*as_root, "mount", "-t", "tmpfs", "-o", options, "tmpfs", str(small)],
            check=False,
            capture_output=True,
            text=True,
        )
        if mounted.returncode:
            raise Impossible(f"no small file system can be made: {mounted.stderr.strip()}")
        try:
            server.sql(f"CREATE TABLESPACE small LOCATION '{small}'")
            server.sql("CREATE DATABASE little TABLESPACE small")
            old, new = versions(room)
            address = server.address("little")
            program.run("export", address, "--data", old)
            out, said = program.run("export", address, "--data", new, status=4)
            assert "No space left on device; version 1, published at " in said, said
            assert said.endswith("answers as before\nhint: make room on the server, and publish again\n"), (
                said
            )
            assert out == ""
            same(program, address, old)
            assert tables(server, "little") == 9
            server.sql("DROP DATABASE little")
            server.sql("DROP TABLESPACE small")
        finally:
            server.stop()
            subprocess.run([*as_root, "umount", str(small)], check=False)
    return "the old version answered, and nothing was left"


CHECKS = {
    "the primary is killed": failover,
    "connections are encrypted": encrypted,
    "the server is restarted while it is published to": restarted,
    "publishers are stopped": stopped,
    "two publish at once": raced,
    "the disk is full": full,
}


def main() -> None:
    """Do it all, and print what was seen."""
    if why := serving.absent():
        print(why)
        sys.exit(os.environ.get("CI") == "true")
    for name, check in CHECKS.items():
        if len(sys.argv) > 2 and not any(word in name for word in sys.argv[2:]):
            continue
        with tempfile.TemporaryDirectory() as room:
            begun = time.monotonic()
            try:
                seen = check(Program(sys.argv[1], Path(room)), Path(room))
            except Impossible as error:
                if os.environ.get("CI") == "true":
                    raise
                seen = f"not tested: {error}"
            print(f"{name}: {seen} ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
