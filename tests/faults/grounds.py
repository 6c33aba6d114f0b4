# SPDX-License-Identifier: Apache-2.0
"""The servers, status stores and pairs of sides that the program is tried between."""
import contextlib
import os
import pathlib
import tempfile

from scene import SERVERS, STORES, Kind, serve, store_is_there


@contextlib.contextmanager
def scratch():
    """In memory where possible: what is flushed is the test's affair, not the disk's."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="offlineimap-faults-", dir=memory) as directory:
        os.chmod(directory, 0o755)
        yield pathlib.Path(directory)


@contextlib.contextmanager
def grounds(servers=tuple(SERVERS), stores=STORES, between=(False, True), general=""):
    """A Kind for each combination, while the servers run."""
    with scratch() as directory, contextlib.ExitStack() as stack:
        kinds = []
        for number, title in enumerate(servers):
            server = stack.enter_context(serve(directory / f"server{number}", SERVERS[title]))
            for store in filter(store_is_there, stores):
                for both in between:
                    name = f"{'two servers' if both else 'maildir'}, {title}, {store}"
                    place = directory / f"accounts-{len(kinds)}"
                    kinds.append(Kind(name, place, server, store, both, general))
        yield kinds
