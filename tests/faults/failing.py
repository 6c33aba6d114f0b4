# SPDX-License-Identifier: Apache-2.0
"""Each system call that can fail does so once, or from then on."""
import errno
import re

from points import check_all, spread

ERRORS = {"EIO": "", "ENOSPC": ":on", "EACCES": "", "EMFILE": ""}
CRASHES = ("terminate called", "Segmentation", "Assertion", "std::", "exception")


def is_failure(call):
    return call.fields[0] == "fails"


def fail_everywhere(name, template, most=0, only=()):
    """`only` the calls with these names."""
    whole = template.copy("whole")
    calls = [call for call in whole.run(fail=-1).calls if call.fields[0] == "may fail"]
    whole.forget()
    points = [(number, error + mode) for number, call in enumerate(calls, 1)
              for error, mode in ERRORS.items() if not only or call.name in only]

    def check(point):
        number, error = point
        code = getattr(errno, error.split(":")[0])
        scene = template.copy(f"fail{number}{error.replace(':', '')}".lower())
        done = scene.run(fail=f"{number}:{code}" + (":on" if error.endswith(":on") else ""))
        failed = [str(call) for call in done.calls if is_failure(call)]
        where = "\n".join(["the failing calls:", *failed[:3], done.output])
        if done.code < 0 or any(words in done.output for words in CRASHES):
            return f"it crashes with {done.code}\n{where}"
        if done.code == 0 and scene.wrong():
            return f"it claims success, but\n{scene.wrong()}\n{where}"
        if done.code not in (0, 1, 3, 5):
            return f"it ends with {done.code}\n{where}"
        if done.code != 0 and not re.search(r"^(ERROR|offlineimap): .", done.output, re.MULTILINE):
            return f"it ends with {done.code} and says nothing\n{where}"
        if wrong := scene.heal():
            return f"{wrong}\nafter a run that ended with {done.code}\n{where}"
        scene.forget()
        return ""

    return check_all(name, spread(points, most), check)
