# SPDX-License-Identifier: Apache-2.0
"""The power fails at each durable call of a mixed run: what was not flushed may be gone."""
import random

from disk import Disk
from points import check_all, spread

NOTHING, ALL, NAMES, SOME = "nothing", "all", "names without data", "some"


def lose(disk, mode, seed):
    chance = random.Random(seed)
    if mode == NOTHING:  # only what was flushed
        disk.lose_power(lambda: False, lambda: False)
    elif mode == ALL:
        disk.lose_power(lambda: True, lambda: True)
    elif mode == NAMES:  # files that are there and empty
        disk.lose_power(lambda: True, lambda: False)
    else:
        disk.lose_power(lambda: chance.random() < 0.5, lambda: chance.random() < 0.5)


def power_fails_everywhere(name, template, most=0, mixtures=2):
    whole = template.copy("whole")
    count = len(whole.run().calls)
    whole.forget()
    points = [(number, mode, seed) for number in range(1, count + 2)
              for mode, seed in [(NOTHING, 0), (NAMES, 0), (ALL, 0)]
              + [(SOME, seed) for seed in range(mixtures)]]

    def check(point):
        number, mode, seed = point
        scene = template.copy(f"power{number}{mode[:2]}{seed}")
        disk = Disk(scene.directory)
        killed = scene.run(kill=number)
        disk.play(killed.calls)
        if gap := disk.differs_from(scene.directory):
            return f"the log is not complete: {gap}"
        lose(disk, mode, seed * 100003 + number)
        disk.write_to(scene.directory)
        if wrong := scene.heal():
            last = "\n".join(map(str, killed.calls[-4:]))
            return f"{wrong}\nthe last calls before the end:\n{last}"
        scene.forget()
        return ""

    return check_all(name, spread(points, most), check)
