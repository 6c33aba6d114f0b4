# SPDX-License-Identifier: Apache-2.0
"""Prints what Python's configparser makes of each file: the judge of our reading of rc files."""
import configparser
import sys


def escaped(text):
    for plain, written in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        text = text.replace(plain, written)
    return f'"{text}"'


def dump(path):
    parser = configparser.ConfigParser()
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
    except configparser.Error as error:
        line = getattr(error, "lineno", None)
        print("error" if line is None else f"error in line {line}")
        return
    for section in parser.sections():
        print(f"[{section}]")
        for option in sorted(parser.options(section)):
            raw = section == "mbnames" and option == "peritem"
            try:
                print(f"{option} = {escaped(parser.get(section, option, raw=raw))}")
            except configparser.InterpolationError:
                print(f"{option} !")


for name in sys.argv[1:]:
    print(f"file {name}")
    dump(name)
