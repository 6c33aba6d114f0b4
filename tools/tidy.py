#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clang-tidy over the production sources: tidy.py BUILD_FOLDER changed|all

A file that was clean is not looked at again until it, a header of it, or the configuration changes;
what was clean is remembered in ~/.cache/offlineimap-tidy, across checkouts. `changed`: the sources
that differ from the branch `main`, or, on main itself, from its fifth last commit; a header with
one source that includes it. `all` takes half an hour the first time.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
CACHE = CACHE / "offlineimap-tidy"
FOLDERS = ("core/", "plugins/", "sdk/")


def git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else []


def changed_files():
    head, = git("rev-parse", "HEAD") or [""]
    for name in ("main", "origin/main"):
        base = git("merge-base", name, "HEAD")
        if base and base[0] != head:
            break
    else:
        base = git("rev-parse", "--verify", "--quiet", "HEAD~5") or ["HEAD"]
    return set(git("diff", "--name-only", base[0])) | set(
        git("ls-files", "--others", "--exclude-standard"))


def sources_to_look_at(sources, only):
    """Those that were changed themselves, and for each changed header one that includes it."""
    chosen = {name for name in sources if name in only}
    headers = {name for name in only if name.endswith(".hpp")}
    for name, files in sorted(sources.items(), key=lambda source: source[0] not in chosen):
        if new := headers & files:
            chosen.add(name)
            headers -= new
    return chosen


def commands(build):
    """Each production source with the words it is compiled by."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        name = os.path.relpath(entry["file"], ROOT)
        if name.startswith(FOLDERS):
            found[name] = [w for w in shlex.split(entry["command"]) if not w.endswith("ccache")]
    return found


def dependencies(build, words):
    """The project's own files that this source includes, itself among them."""
    words = list(words)
    if "-o" in words:
        del words[words.index("-o"):words.index("-o") + 2]
    words = [w for w in words if w not in ("-MD", "-c")]
    for option in ("-MT", "-MF"):
        if option in words:
            del words[words.index(option):words.index(option) + 2]
    done = subprocess.run([*words, "-MM"], cwd=build, capture_output=True, text=True)
    names = done.stdout.replace("\\\n", " ").split()[1:]
    return {os.path.relpath(pathlib.Path(build, name).resolve(), ROOT) for name in names}


def fingerprint(files):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    for name in sorted(files):
        digest.update(name.encode())
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def look_at(build, name, files):
    """What there is to complain about in one source; empty = clean."""
    mark = CACHE / fingerprint(files)
    if mark.exists():
        return ""
    # The commands are those of g++, with its own warnings.
    done = subprocess.run(["clang-tidy-14", "-p", str(build), "--quiet",
                           "--extra-arg=-Wno-unknown-warning-option", name],
                          cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 0:
        mark.touch()
        return ""
    return done.stdout or done.stderr


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    only = changed_files() if sys.argv[2:] == ["changed"] else None
    CACHE.mkdir(parents=True, exist_ok=True)
    jobs = int(os.environ.get("JOBS", os.cpu_count()))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        words = commands(build)
        sources = dict(zip(words, pool.map(lambda name: dependencies(build, words[name]), words)))
        if only is not None:
            sources = {name: sources[name] for name in sources_to_look_at(sources, only)}
        looks = {name: pool.submit(look_at, build, name, files)
                 for name, files in sorted(sources.items())}
        for name, look in looks.items():
            if complaint := look.result():
                failed += 1
                print(complaint, flush=True)
    print(f"{len(sources)} sources looked at, {failed} with complaints")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
