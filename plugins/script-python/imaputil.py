# SPDX-License-Identifier: Apache-2.0
"""What pythonfiles take from the original program: the codec "imap4-utf-7", and `offlineimap.imaputil`
with its functions for names, flags and lists. Where the original is installed, its module is used."""
import base64
import codecs
import importlib.abc
import importlib.util
import re


def dequote(text):
    if len(text) < 2 or not (text[0] == text[-1] == '"'):
        return text
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def quote(text):
    return '"' + text.replace("\\", "\\\\") + '"'


def foldername_to_imapname(name):
    return quote(name) if " " in name else name


# ------------------------------------------------------------------ modified UTF-7, RFC 3501 5.1.3

def encoded_run(run):
    if not run:
        return ""
    packed = base64.b64encode(run.encode("utf-16-be")).decode("ascii")
    return "&" + packed.rstrip("=").replace("/", ",") + "-"


def decoded_run(packed):
    if not packed:
        return "&"
    padded = packed.replace(",", "/") + "=" * (-len(packed) % 4)
    return base64.b64decode(padded).decode("utf-16-be")


def utf8_IMAP(name):
    parts = re.split(r"([^\x20-\x7e]+)", name)
    return "".join(encoded_run(part) if i % 2 else part.replace("&", "&-")
                   for i, part in enumerate(parts))


def IMAP_utf8(name):
    return re.sub(r"&([^-]*)-?", lambda run: decoded_run(run[1]), name)


def decode_mailbox_name(name):
    text = name.decode("ascii") if isinstance(name, (bytes, bytearray)) else name
    return IMAP_utf8(dequote(text))


def utf7m_encode(text, errors="strict"):
    return utf8_IMAP(text).encode("ascii"), len(text)


def utf7m_decode(binary, errors="strict"):
    return IMAP_utf8(bytes(binary).decode("ascii", errors)), len(binary)


def search_codec(name):
    if name.replace("-", "_") == "imap4_utf_7":
        return codecs.CodecInfo(utf7m_encode, utf7m_decode, name="imap4-utf-7")
    return None


# ------------------------------------------------------------------ flags and lists

LETTERS = {"\\Seen": "S", "\\Answered": "R", "\\Flagged": "F", "\\Deleted": "T", "\\Draft": "D"}


def flagsplit(text):
    if not (text.startswith("(") and text.endswith(")")):
        raise ValueError(f"Passed s '{text}' is not a flag list")
    return imapsplit(text[1:-1])


def flags2hash(text):
    words = flagsplit(text)
    return dict(zip(words[::2], words[1::2]))


def imapsplit(text):
    """The words of a response: atoms, strings with their quotes, lists with their parentheses."""
    text = text.decode("utf-8") if isinstance(text, (bytes, bytearray)) else text
    words, word, depth, quoted = [], "", 0, False
    characters = iter(text)
    for c in characters:
        if c == " " and not quoted and depth == 0:
            words += [word] if word else []
            word = ""
            continue
        if c == '"':
            quoted = not quoted
        elif not quoted and c in "()":
            depth += 1 if c == "(" else -1
        word += c + (next(characters, "") if c == "\\" and quoted else "")
    return words + ([word] if word else [])


def flagsimap2maildir(text):
    return {LETTERS[flag] for flag in flagsplit(text) if flag in LETTERS}


def flagsimap2keywords(text):
    return {flag for flag in flagsplit(text) if not flag.startswith("\\")}


def flagsmaildir2imap(letters):
    return "(" + " ".join(sorted(flag for flag, c in LETTERS.items() if c in letters)) + ")"


def uid_sequence(uids):
    ranges = []
    for uid in sorted(map(int, uids)):
        if ranges and uid == ranges[-1][1] + 1:
            ranges[-1][1] = uid
        else:
            ranges.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in ranges)


# ------------------------------------------------------------------ import offlineimap.imaputil

HELPERS = (dequote, quote, foldername_to_imapname, utf8_IMAP, IMAP_utf8, decode_mailbox_name,
           utf7m_encode, utf7m_decode, flagsplit, flags2hash, imapsplit, flagsimap2maildir,
           flagsimap2keywords, flagsmaildir2imap, uid_sequence)


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked last, so that the real package comes before it."""

    def find_spec(self, name, path=None, target=None):
        if name not in ("offlineimap", "offlineimap.imaputil"):
            return None
        return importlib.util.spec_from_loader(name, self, is_package=name == "offlineimap")

    def exec_module(self, module):
        if module.__name__ == "offlineimap.imaputil":
            vars(module).update({helper.__name__: helper for helper in HELPERS})


def stand_in_for_the_original():
    import sys
    codecs.register(search_codec)
    sys.meta_path.append(StandIn())
