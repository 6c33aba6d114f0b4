#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the manual pages and the shells' completions from what the program says of itself.

manual.py PROGRAM SOURCE OUTPUT: SOURCE is the source tree, OUTPUT a directory.
"""
import json
import pathlib
import re
import subprocess
import sys

SHELLS = ("bash", "zsh", "fish")


def said(program, *words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


def entries(text, heading):
    """(what is written, what it means) of the lines below a heading of --help."""
    lines = text.split(f"{heading}:\n", 1)
    found = []
    for line in lines[1].splitlines() if len(lines) == 2 else []:
        if not line.strip():
            break
        entry = re.match(r"  (\S.*?)(?:  +(.*))?$", line)
        if entry and not line.startswith("   "):
            found.append([entry[1], entry[2] or ""])
        elif found:
            found[-1][1] = (found[-1][1] + " " + line.strip()).strip()
    return [tuple(entry) for entry in found]


class Program:
    """The command line of the program."""

    def __init__(self, program):
        text = said(program, "--help")
        self.version = said(program, "--version").strip()
        self.options = entries(text, "Options")
        self.commands = {}
        for written, meaning in entries(text, "Commands"):
            name = written.split()[0]
            own = [] if name == "help" else entries(said(program, "help", name), "Options")
            self.commands[name] = (written, meaning, own)
        self.plugins = json.loads(said(program, "plugins", "--json"))["plugins"]


# ------------------------------------------------------------------ manual pages


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", text)


def markdown(text):
    """A cell of a table in docs/ as roff."""
    parts = re.split(r"`([^`]*)`", text.replace("\\|", "|"))
    return "".join(f"\\fB{roff(p)}\\fR" if i % 2 else roff(p) for i, p in enumerate(parts))


def listed(pairs):
    return "\n".join(f".TP\n.B {roff(written)}\n{roff(meaning)}" for written, meaning in pairs)


def commands(program):
    return "\n".join(
        f".TP\n.B {roff(written)}\n{roff(meaning)}" + "".join(
            f"\n.RS\n.TP\n.B {roff(w)}\n{roff(m)}\n.RE" for w, m in own if not w.startswith("-h,"))
        for written, meaning, own in program.commands.values())


def interfaces(program):
    return listed(
        (component["type"], component["summary"]) for plugin in program.plugins
        for component in plugin.get("components", ())
        if component["kind"] == "user interface")


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def option_tables(text):
    """The tables of docs/configuration.md that begin with the column `option`."""
    page, table = [], False
    for line in text.splitlines():
        if line.startswith("#"):
            heading = markdown(line.lstrip("# ")).replace("\\fB", "").replace("\\fR", "")
        if not line.startswith("|"):
            table = False
        elif cells(line)[0] == "option":
            table = True
            page.append(f".SH \"{heading.upper()}\"")
        elif table and not line.startswith("|--"):
            page.append(option(cells(line)))
    return "\n".join(page)


def option(row):
    name, yaml, kind, default, meaning = row[:5]
    text = f".TP\n{markdown(name)} ({roff(kind)}{', ' if default else ''}{markdown(default)})\n"
    text += markdown(meaning)
    if yaml not in ("same", ""):
        text += f" In YAML: {markdown(yaml)}."
    return text


def pages(program, source):
    configuration = (source / "docs" / "configuration.md").read_text()
    return {
        "offlineimap.1": {"OPTIONS": listed(program.options), "COMMANDS": commands(program)},
        "offlineimapui.7": {"INTERFACES": interfaces(program)},
        "offlineimap.conf.5": {"OPTIONS": option_tables(configuration)},
    }


# ------------------------------------------------------------------ completion


def flags(options):
    """(every way to write it, its argument, its meaning)"""
    for written, meaning in options:
        names = re.findall(r"(?:^|, )(--?[\w-]+)", written)
        argument = re.search(r"\s([A-Z\[][^ ]*)$", written)
        yield names, argument[1] if argument else "", meaning


def takes_file(argument):
    return argument in ("FILE", "DIR")


def choices(program):
    """{option: what may follow it}"""
    interfaces = [component["type"] for plugin in program.plugins
                  for component in plugin.get("components", ())
                  if component["kind"] == "user interface"]
    return {"-u": sorted(set(interfaces)), "-d": ["imap", "maildir", "thread", "all"]}


def bash(program):
    with_file = [n for names, a, _ in flags(program.options) if takes_file(a) for n in names]
    words = " ".join(n for names, _, _ in flags(program.options) for n in names)
    values = "\n".join(
        f"        {name}) COMPREPLY=($(compgen -W \"{' '.join(words)}\" -- \"$current\")); return ;;"
        for name, words in choices(program).items())
    cases = "\n".join(
        f"        {name}) words=\"{' '.join(n for names, _, _ in flags(own) for n in names)}\" ;;"
        for name, (_, _, own) in program.commands.items())
    return f"""_offlineimap()
{{
    local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
    local words="{words}"
    COMPREPLY=()
    case $before in
        {'|'.join(with_file)}) COMPREPLY=($(compgen -f -- "$current")); return ;;
{values}
    esac
    case ${{COMP_WORDS[1]}} in
{cases}
    esac
    ((COMP_CWORD == 1)) && words+=" {' '.join(program.commands)}"
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -F _offlineimap offlineimap
"""


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def zsh(program):
    known = choices(program)

    def spec(options):
        for names, argument, meaning in flags(options):
            words = " ".join(known.get(names[0], ()))
            values = "_files" if takes_file(argument) else f"({words})" if words else " "
            action = f":{argument}:{values}" if argument else ""
            text = meaning.replace("[", "(").replace("]", ")").replace(":", ";")
            for name in names:
                yield quoted(f"{name}[{text}]{action}")
    lines = ["#compdef offlineimap", "local -a commands=("]
    lines += [f"    {quoted(name + ':' + meaning.replace(':', ';'))}"
              for name, (_, meaning, _) in program.commands.items()]
    lines += [")", "if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then",
              "    _describe command commands", "    return", "fi", "case $words[2] in"]
    for name, (_, _, own) in program.commands.items():
        lines.append(f"    {name}) _arguments {' '.join(spec(own))} '*:name: ' ;;")
    lines += [f"    *) _arguments {' '.join(spec(program.options))} ;;", "esac"]
    return "\n".join(lines) + "\n"


def fish(program):
    known = choices(program)

    def line(condition, names, argument, meaning):
        text = "complete -c offlineimap"
        text += f" -n {quoted(condition)}"
        for name in names:
            text += f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}"
        if argument:
            text += " -r -F" if takes_file(argument) else " -x"
        if words := known.get(names[0]):
            text += f" -a {quoted(' '.join(words))}"
        return text + f" -d {quoted(meaning)}"
    lines = ["complete -c offlineimap -f"]
    for name, (_, meaning, own) in program.commands.items():
        lines.append("complete -c offlineimap -n __fish_use_subcommand -a "
                     f"{name} -d {quoted(meaning)}")
        lines += [line(f"__fish_seen_subcommand_from {name}", *flag) for flag in flags(own)]
    lines += [line("__fish_use_subcommand", *flag) for flag in flags(program.options)]
    return "\n".join(lines) + "\n"


def main():
    program, source, output = Program(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    (output / "man").mkdir(parents=True, exist_ok=True)
    (output / "completion").mkdir(exist_ok=True)
    for name, values in pages(program, source).items():
        text = (source / "docs" / "man" / f"{name}.in").read_text()
        for key, value in {**values, "VERSION": program.version}.items():
            text = text.replace(f"@{key}@", value)
        (output / "man" / name).write_text(text)
    for shell, make in zip(SHELLS, (bash, zsh, fish)):
        (output / "completion" / f"offlineimap.{shell}").write_text(make(program))


if __name__ == "__main__":
    main()
