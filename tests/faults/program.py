# SPDX-License-Identifier: Apache-2.0
"""The program under test with the library of preload/ in front of its system calls."""
import dataclasses
import os
import pathlib
import subprocess

PROGRAM = os.environ.get("PROGRAM", "build/debug/bin/offlineimap")
LIBRARY = os.environ.get("FAULTS_LIBRARY", "build/debug/lib/offlineimap-test/faults.so")


@dataclasses.dataclass
class Call:
    """A durable call that was done. For `fields` see preload."""
    name: str
    fields: list
    data: bytes

    def __str__(self):
        text = f"{self.name} {' '.join(self.fields)}"
        if self.name == "send":
            return f"send {self.data[:60]!r}"
        return text + (f" ({len(self.data)} bytes)" if self.data else "")


def read_log(path):
    calls = []
    if not path.exists():
        return calls
    raw = path.read_bytes()
    at = 0
    while at < len(raw):
        end = raw.index(b"\n", at)
        name, *fields, size = raw[at:end].decode(errors="surrogateescape").split("\t")
        data = raw[end + 1:end + 1 + int(size)]
        calls.append(Call(name, fields, data))
        at = end + 1 + int(size) + 1
    return calls


@dataclasses.dataclass
class Done:
    code: object  # "stuck" if it had to be killed
    output: str
    calls: list


def run(account, *arguments, command=None, timeout=60, terminate_after=None, **faults):
    """One `-o` run, or that of another `command`. `faults` are those of preload/calls.hpp: kill=3, tear=1, fail="5:28".
    `terminate_after` so many seconds it is asked to end."""
    log = account.directory.parent / (account.directory.name + ".calls")
    log.unlink(missing_ok=True)
    environment = {**os.environ, "LD_PRELOAD": str(pathlib.Path(LIBRARY).resolve()),
                   "FAULTS_ROOT": str(account.directory), "FAULTS_LOG": str(log),
                   **{"FAULTS_" + name.upper(): str(value) for name, value in faults.items()}}
    command = command or [PROGRAM, "-o", "-c", str(account.rc), *arguments]
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               errors="replace")
    try:
        output, _ = process.communicate(timeout=terminate_after or timeout)
    except subprocess.TimeoutExpired:
        if terminate_after is None:
            process.kill()
            output, _ = process.communicate()
            return Done("stuck", output, read_log(log))
        process.terminate()
        output, _ = process.communicate(timeout=timeout)
    calls = read_log(log)
    log.unlink(missing_ok=True)
    return Done(process.returncode, output, calls)
