#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks the program in every way there is, and shows that nothing is lost and nothing doubled.

  torture.py all                     everything below; hours
  torture.py crash | fail | power | answer | cut | stall   [--most N]
             every place of a mixed and of a first run, on every server, status store and pair of
             sides; --most N takes N of each, evenly spread
  torture.py random [AMOUNT] [SEED]  so many rounds of random work, or for so long: 500, 600s
  torture.py wild [AMOUNT] [SEED]    the same without any regard for what the right end is: both
                                     sides equal, nothing lost, nothing doubled
  torture.py rivals [AMOUNT] [SEED]  the same through mbsync and offlineimap3, for comparison
  torture.py random 1 SEED           one round again
Exit code 1 when anything was wrong.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "server"))

from crash import crash_everywhere
from cuts import cut_everywhere, lose_each_answer, stall_everywhere
from failing import fail_everywhere
from grounds import grounds
from power import power_fails_everywhere
from random_work import Round, work
from rivals import compare
from scene import SERVERS, STORES, fresh, mixed
from wild import WildRound

EVERYWHERE = {"crash": crash_everywhere, "fail": fail_everywhere, "power": power_fails_everywhere,
              "answer": lose_each_answer, "cut": cut_everywhere, "stall": stall_everywhere}


def at_every_place(what, options):
    tallies = []
    with grounds(options.servers, options.stores) as kinds:
        for kind in kinds:
            for make in (mixed, fresh):
                template = make(kind, f"{make.__name__}-{what}")
                name = f"{what}, {make.__name__} run, {kind}"
                tallies.append(EVERYWHERE[what](name, template, options.most))
    return tallies


def at_random(options, make):
    amount = options.amount or "1000"
    limit = {"seconds": int(amount[:-1])} if amount.endswith("s") else {"rounds": int(amount)}
    with grounds(options.servers, options.stores) as kinds:
        return [work(kinds, options.first_seed, make=make, name=make.__name__, **limit)]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="random",
                        choices=["all", *EVERYWHERE, "random", "wild", "rivals"])
    parser.add_argument("amount", nargs="?", default="")
    parser.add_argument("first_seed", nargs="?", type=int, default=1)
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--servers", nargs="*", default=list(SERVERS), choices=list(SERVERS))
    parser.add_argument("--stores", nargs="*", default=list(STORES), choices=list(STORES))
    return parser.parse_args()


def main():
    options = arguments()
    tallies = []
    for what in EVERYWHERE if options.what == "all" else [options.what]:
        if what in EVERYWHERE:
            tallies += at_every_place(what, options)
    for what, make in (("random", Round), ("wild", WildRound)):
        if options.what in ("all", what):
            tallies += at_random(options, make)
    if options.what in ("all", "rivals"):
        compare(int(options.amount or "100"), options.first_seed)
    print(f"{sum(t.points for t in tallies)} points, {sum(len(t.wrong) for t in tallies)} wrong")
    return any(t.wrong for t in tallies)


if __name__ == "__main__":
    sys.exit(main())
