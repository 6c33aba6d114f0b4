# SPDX-License-Identifier: Apache-2.0
"""Runs a check at many points, some at a time, and keeps count."""
import concurrent.futures
import dataclasses
import os
import sys
import time
import traceback


@dataclasses.dataclass
class Tally:
    name: str
    points: int = 0
    seconds: float = 0.0
    wrong: list = dataclasses.field(default_factory=list)

    def __str__(self):
        state = f"{len(self.wrong)} WRONG" if self.wrong else "all well"
        return f"{self.name}: {self.points} points, {state}, {self.seconds:.0f} s"


def spread(points, most):
    """At most so many of the points, evenly; 0 = all."""
    points = list(points)
    if not most or len(points) <= most:
        return points
    return [points[i * len(points) // most] for i in range(most)]


def check_all(name, points, check, workers=None):
    """`check(point)` returns what is wrong, empty when nothing is."""
    tally = Tally(name)
    begun = time.monotonic()

    def guarded(point):
        try:
            return point, check(point)
        except Exception:  # a point that breaks the test itself is a finding too
            return point, traceback.format_exc()

    with concurrent.futures.ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        for point, wrong in pool.map(guarded, points):
            tally.points += 1
            if wrong:
                tally.wrong.append((point, wrong))
                print(f"{name}: WRONG at {point}\n{wrong}\n", file=sys.stderr, flush=True)
    tally.seconds = time.monotonic() - begun
    print(tally, flush=True)
    return tally
