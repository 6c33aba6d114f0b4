# SPDX-License-Identifier: Apache-2.0
"""Ports for servers that are told where to listen, which nobody else takes until they do."""
import contextlib
import pathlib
import random
import socket

_claims = []  # file descriptors, kept until this process ends


def free_ports(count=1):
    """Outside the range that the kernel gives to outgoing connections, and claimed from other tests:
    between the choice of a port and its use seconds may pass, longer on a crowded machine."""
    range_of_kernel = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range")
    end = int(range_of_kernel.read_text().split()[0]) if range_of_kernel.exists() else 32768
    found = []
    while len(found) < count:
        port = random.SystemRandom().randrange(10000, max(end, 11000))
        if _claim(port) and _is_free(port):
            found.append(port)
    return found


def _claim(port):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as claim:
        try:
            claim.bind(f"\0offlineimap-test-port-{port}")
        except OSError:
            return False
        _claims.append(claim.detach())
    return True


def _is_free(port):
    with contextlib.ExitStack() as stack:
        try:
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                stack.enter_context(socket.socket(socket.AF_INET, kind)).bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
