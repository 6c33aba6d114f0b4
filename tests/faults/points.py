# SPDX-License-Identifier: Apache-2.0
"""Runs a check at many points, some at a time, and keeps count."""
import dataclasses
import os
import sys
import threading
import time
import traceback


@dataclasses.dataclass
class Tally:
    name: str
    points: int = 0
    seconds: float = 0.0
    wrong: list = dataclasses.field(default_factory=list)

    def count(self, point, wrong):
        self.points += 1
        if wrong:
            self.wrong.append((point, wrong))
            print(f"{self.name}: WRONG at {point}\n{wrong}\n", file=sys.stderr, flush=True)

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
    """`check(point)` returns what is wrong, empty when nothing is. `points` may go on for ever: the
    next one is taken when there is somebody to check it."""
    tally, begun = Tally(name), time.monotonic()
    lock, source = threading.Lock(), iter(points)

    def work():
        while True:
            with lock:
                point = next(source, None)
            if point is None:
                return
            try:
                wrong = check(point)
            except Exception:  # a point that breaks the test itself is a finding too
                wrong = traceback.format_exc()
            with lock:
                tally.count(point, wrong)

    workers = [threading.Thread(target=work) for _ in range(workers or os.cpu_count())]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    tally.seconds = time.monotonic() - begun
    print(tally, flush=True)
    return tally
