#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a daemon takes to see what happens, and what it costs while nothing does.

daemon.py PROGRAM [IDLE_SECONDS]: a Dovecot on loopback and a Maildir of its own.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "server"))
os.environ.setdefault("PROGRAM", sys.argv[1])

import daemon_test  # noqa: E402
from account import PLAIN, text  # noqa: E402

ROUNDS = 10


def until(condition):
    begin = time.monotonic()
    while not condition():
        if time.monotonic() - begin > 60:
            sys.exit("it was not seen within a minute")
        time.sleep(0.005)
    return time.monotonic() - begin


def flags_on_server(account):
    connection = account.imap()
    connection.select("INBOX", readonly=True)
    seen = connection.search(None, "SEEN")[1][0].split()
    connection.logout()
    return len(seen)


def measure(case, words, action, condition):
    times = []
    for number in range(ROUNDS):
        action(number)
        times.append(until(lambda: condition(number)))
        case.daemon.wait_until_quiet()
    print(f"{words}: median {statistics.median(times):.2f} s, longest {max(times):.2f} s")


def cpu_and_switches(process):
    stat = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = int(stat[11]) + int(stat[12])
    switches = 0
    for task in pathlib.Path(f"/proc/{process}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if "ctxt_switches" in line:
                switches += int(line.split()[1])
    return ticks / os.sysconf("SC_CLK_TCK"), switches


def idle(case, seconds):
    process = case.daemon.process.pid
    before = cpu_and_switches(process)
    time.sleep(seconds)
    after = cpu_and_switches(process)
    print(f"idle for {seconds} s: {after[0] - before[0]:.2f} s of CPU, "
          f"{after[1] - before[1]} context switches")
    tracer = subprocess.run(
        ["timeout", str(seconds), "strace", "-f", "-c", "-p", str(process)], capture_output=True,
        text=True) if subprocess.run(["which", "strace"], capture_output=True).returncode == 0 else None
    if tracer:
        total = [line for line in tracer.stderr.splitlines() if line.endswith("total")]
        print(f"system calls in {seconds} s: {total[0].split()[2] if total else 0}")


def main():
    case = daemon_test.DaemonTest()
    case.daemon = case.start(remote=PLAIN + "\nidlefolders = ['INBOX']", messages=20)
    account = case.joe
    try:
        inbox = account.files("INBOX")
        measure(case, "new mail on the server is in the Maildir",
                lambda n: account.append("INBOX", text(f"pushed {n}")),
                lambda n: len(account.files("INBOX")) == len(inbox) + n + 1)
        measure(case, "a local flag is on the server",
                lambda n: account.mark(inbox[n], "S"), lambda n: flags_on_server(account) == n + 1)
        idle(case, int(sys.argv[2]) if len(sys.argv) > 2 else 60)
    finally:
        case.doCleanups()


if __name__ == "__main__":
    main()
