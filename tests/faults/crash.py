# SPDX-License-Identifier: Apache-2.0
"""kill -9 before each durable call of a mixed run, and in the middle of each that writes."""
from points import check_all, spread


def points_of(calls):
    for number, call in enumerate(calls, 1):
        yield number, "before", call.name
        if call.name in ("write", "send") and len(call.data) > 1:
            yield number, "amid", call.name


def crash_everywhere(name, template, most=0):
    whole = template.copy("whole")
    done = whole.run()
    assert done.code == 0 and not whole.wrong(), done.output + whole.wrong()
    whole.forget()

    def check(point):
        number, when, _ = point
        scene = template.copy(f"crash{number}{when}")
        faults = {"tear": 1} if when == "amid" else {}
        killed = scene.run(kill=number, **faults)
        if killed.code not in (-9, 0):
            return f"it ends with {killed.code}:\n{killed.output}"
        if wrong := scene.heal():
            last = "\n".join(map(str, killed.calls[-4:]))
            return f"{wrong}\nthe last calls before the end:\n{last}"
        scene.forget()
        return ""

    return check_all(name, spread(points_of(done.calls), most), check)
