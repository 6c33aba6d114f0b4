# SPDX-License-Identifier: Apache-2.0
"""A disk that forgets what was not flushed.

A directory tree is read in, the log of durable calls is played on it, then the power fails: of each
file and each directory there is what was there when it was last flushed, and of what came after
that nothing, everything, or some.
"""
import dataclasses
import os
import pathlib
import shutil

SHARED_MEMORY = {"lock.mdb"}  # mapped and written to without a call; means nothing after a crash

@dataclasses.dataclass
class Step:
    """A change of names: in one directory, or in two at once (rename)."""
    effects: list  # of (Directory, name, node or None)
    durable: bool = False


class Directory:
    def __init__(self):
        self.now, self.kept, self.steps = {}, {}, []

    def flush(self):
        for step in self.steps:
            step.durable = True


class File:
    def __init__(self, data=b""):
        self.now, self.kept, self.writes = bytearray(data), bytes(data), []

    def write(self, offset, data, durable=False):
        self.writes.append((offset, data, durable))
        apply_write(self.now, offset, data)

    def flush(self):
        self.kept, self.writes = bytes(self.now), []


def apply_write(content, offset, data):
    """No data: the file is cut off there, or filled up with zeros."""
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset:offset + len(data)] = data


class Disk:
    def __init__(self, root):
        self.nodes, self.steps = {}, []
        self.root = self._read(pathlib.Path(root))

    def _read(self, path):
        if path.is_dir():
            node = Directory()
            node.now = {entry.name: self._read(entry) for entry in path.iterdir()}
            node.kept = dict(node.now)
        else:
            node = File(path.read_bytes())
        self.nodes[str(path.stat().st_ino)] = node
        return node

    # ------------------------------------------------------------------ the log

    def play(self, calls):
        for call in calls:
            if call.name not in ("send",) and call.fields[0] not in ("fails", "may fail"):
                getattr(self, "_" + call.name)(call.data, *call.fields)

    def _change(self, *effects):
        effects = [(self.nodes[directory], name, node) for directory, name, node in effects]
        step = Step(effects)
        self.steps.append(step)
        for directory, name, node in effects:
            set_name(directory.now, name, node)
            if step not in directory.steps:
                directory.steps.append(step)

    def _create(self, _, directory, name, inode):
        self.nodes[inode] = File()
        self._change((directory, name, self.nodes[inode]))

    def _mkdir(self, _, directory, name, inode):
        self.nodes[inode] = Directory()
        self._change((directory, name, self.nodes[inode]))

    def _link(self, _, directory, name, inode):
        self._change((directory, name, self.nodes[inode]))

    def _unlink(self, _, directory, name, _inode):
        self._change((directory, name, None))

    def _rename(self, _, old, old_name, new, new_name):
        node = self.nodes[old].now[old_name]
        self._change((old, old_name, None), (new, new_name, node))

    def _write(self, data, inode, offset, durable):
        self.nodes[inode].write(int(offset), data, durable == "durable")

    def _truncate(self, _, inode, size):
        self.nodes[inode].write(int(size), None)

    def _sync(self, _, inode):
        self.nodes[inode].flush()

    # ------------------------------------------------------------------ what is left

    def lose_power(self, names, data):
        """`names()` and `data()` say of each change that was not flushed whether it reached the
        disk."""
        for directory in self.nodes.values():
            if isinstance(directory, Directory):
                directory.now = dict(directory.kept)
        for step in self.steps:
            if step.durable or names():
                for directory, name, node in step.effects:
                    set_name(directory.now, name, node)
        for file in self.nodes.values():
            if isinstance(file, File):
                kept = bytearray(file.kept)
                for offset, written, durable in file.writes:
                    if durable or data():
                        apply_write(kept, offset, written)
                file.now = kept

    def write_to(self, path):
        shutil.rmtree(path, ignore_errors=True)
        self._write_node(self.root, pathlib.Path(path))

    def _write_node(self, node, path):
        if isinstance(node, File):
            path.write_bytes(node.now)
            path.chmod(0o600)
            return
        path.mkdir(mode=0o700)
        for name, below in node.now.items():
            self._write_node(below, path / name)

    def differs_from(self, path):
        """Where the tree at `path` is not as the log tells: then the log has gaps."""
        return self._compare(self.root, pathlib.Path(path))

    def _compare(self, node, path):
        if isinstance(node, File):
            same = path.name in SHARED_MEMORY or (
                path.is_file() and path.read_bytes() == bytes(node.now))
            return "" if same else f"{path} has another content"
        there = set(os.listdir(path)) if path.is_dir() else None
        if there != set(node.now):
            return f"{path} holds {there}, not {set(node.now)}"
        return next(filter(None, (self._compare(n, path / name)
                                  for name, n in node.now.items())), "")


def set_name(entries, name, node):
    if node is None:
        entries.pop(name, None)
    else:
        entries[name] = node
