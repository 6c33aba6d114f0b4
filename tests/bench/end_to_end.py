#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same account through this program and its rivals, side by side.

  end_to_end.py PROGRAM [--messages 3000] [--folders 30]

Each synchroniser has a Dovecot user with the same mail. Printed are wall and CPU seconds and peak
memory, and the wall time as a ratio to ours: absolute times say little on a shared machine. mbsync
and offlineimap3 take part where they are installed.
"""
import argparse
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "server"))
import mbsync  # noqa: E402
from account import MAILDIR, RC  # noqa: E402
from dovecot import PASSWORD, Dovecot  # noqa: E402


class Tool:
    def __init__(self, name, command, directory, server):
        self.name, self.directory = name, directory / name
        (self.directory / "mail").mkdir(parents=True)
        rc = self.directory / "rc"
        values = {"dir": self.directory, "port": server.port, "password": PASSWORD}
        if name == "mbsync":
            rc.write_text(mbsync.configuration(server.port, name, self.directory))
        else:
            remote = "ssl = no\nstarttls = no\nauth_mechanisms = LOGIN"
            rc.write_text(RC.format(ui="quiet", general="", account="", local="sep = /",
                                    remote=remote, user=name,
                                    store=MAILDIR.format(dir=self.directory), **values))
        self.command = [*command, str(rc)] + (["-a"] if name == "mbsync" else [])

    def run(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        done = subprocess.run(["/usr/bin/time", "-f", "%M", *self.command], capture_output=True,
                              text=True, stdin=subprocess.DEVNULL)
        wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            sys.exit(f"{self.name} failed:\n{done.stderr}")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return wall, cpu, int(done.stderr.split()[-1]) / 1024

    def local_files(self):
        return sorted(p for p in (self.directory / "mail").rglob("*") if p.parent.name in
                      ("cur", "new") and p.is_file())


def message(number, rng):
    body = "\n".join("lorem ipsum dolor sit amet " * 3 for _ in range(int(rng.lognormvariate(4, 1))))
    return f"Message-ID: <{number}@example.org>\nSubject: nr {number}\n\n{body}\n"


def fill(root, folders, messages):
    rng = random.Random(1)
    for number in range(messages):
        which = int(folders * rng.random() ** 2)
        box = root / (f".List.f{which}" if which else "")
        for sub in ("tmp", "new", "cur"):
            (box / sub).mkdir(parents=True, exist_ok=True)
        (box / "cur" / f"1500{number:06}.M1.host:2,{rng.choice(['', 'S', 'FS'])}").write_text(
            message(number, rng))


def change_local(tool):
    rng = random.Random(2)
    files = tool.local_files()
    for file in rng.sample(files, min(len(files), 200)):
        base = file.name.split(":2,")[0]
        file.rename(file.parent.parent / "cur" / f"{base}:2,{rng.choice(['R', 'RS', 'F'])}")
    for number in range(50):
        box = files[number % len(files)].parent.parent
        (box / "new" / f"160000{number:04}.M2.host").write_text(message(10_000_000 + number, rng))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--folders", type=int, default=30)
    options = parser.parse_args()
    commands = {"ours": [options.program, "-o", "-c"]}
    if shutil.which("mbsync"):
        commands["mbsync"] = ["mbsync", "-q", "-c"]
    if os.path.exists("/usr/bin/offlineimap"):
        commands["offlineimap3"] = ["/usr/bin/offlineimap", "-o", "-c"]
    shared_memory = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="offlineimap-bench-", dir=shared_memory) as scratch:
        directory = pathlib.Path(scratch)
        directory.chmod(0o711)
        with Dovecot(directory / "server", users=list(commands)) as server:
            for user in commands:
                fill(directory / "server/mail" / user, options.folders, options.messages)
            if os.geteuid() == 0:
                subprocess.run(["chown", "-R", "nobody:nogroup", directory / "server/mail"],
                               check=True)
            compare({name: Tool(name, command, directory, server)
                     for name, command in commands.items()})


def compare(tools):
    print(f"{'':14}{'':14}{'wall s':>9}{'cpu s':>9}{'MB':>8}{'to ours':>9}")
    for work in ("first pull", "nothing new", "local changes"):
        ours = None
        for tool in tools.values():
            if work == "local changes":
                change_local(tool)
            wall, cpu, memory = tool.run()
            ours = ours or wall
            print(f"{work:14}{tool.name:14}{wall:9.2f}{cpu:9.2f}{memory:8.1f}{wall / ours:9.1f}",
                  flush=True)


if __name__ == "__main__":
    main()
