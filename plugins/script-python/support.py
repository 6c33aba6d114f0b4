# SPDX-License-Identifier: Apache-2.0
"""The part of script-python that is easier said in Python than in C++. It is compiled into the
plugin; Problem is the only exception that leaves it, its text is for the user as it stands."""
import builtins
import functools
import re
import sys
import threading
import types


class Problem(Exception):
    """What is wrong with the user's Python, in one line."""


class FileProblem(Problem):
    """The same, of the pythonfile: the text names the place itself."""


class Namespace:
    """What expressions see: the names of the pythonfile, which is run once, and `re`."""

    def __init__(self, path, place):
        self.path, self.place = path, place
        self.names = None
        self.problem = None
        self.lock = threading.Lock()

    def get(self):
        with self.lock:
            if self.names is None and self.problem is None:
                try:
                    self.names = dict(vars(self._run())) if self.path else {}
                    self.names["re"] = re
                except FileProblem as problem:
                    self.problem = str(problem)
            if self.problem is not None:
                raise FileProblem(self.problem)
            return self.names

    def source(self):
        try:
            with open(self.path, "rb") as file:
                return file.read()
        except OSError as error:
            raise FileProblem(f"{self.place}: {self.path}: {error.strerror}") from None

    def _run(self):
        module = types.ModuleType("offlineimap_pythonfile")
        module.__file__ = self.path
        source = self.source()
        sys.modules[module.__name__] = module  # where data classes and pickles look it up
        try:
            exec(compile(source, self.path, "exec", dont_inherit=True), vars(module))
        except BaseException as error:
            raise FileProblem(f"{self.place}: {explain(error, self.path)}") from None
        return module


class Expression:
    """An option's Python. Errors of its syntax are told at once, the others when it is evaluated."""

    def __init__(self, source, namespace):
        self.namespace = namespace
        self.lines = source.count("\n") + 1
        self.function = None
        try:
            self.code = compile(source.lstrip(" \t"), "<expression>", "eval", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            raise Problem(self.explained(error)) from None
        self.refuse_names_of_old(source, namespace.get())

    def refuse_names_of_old(self, source, known):
        """What Python 2 had, and modules that nobody imported: better told now than in mid-run."""
        for name in sorted(names_of_code(self.code)):
            if name in known or hasattr(builtins, name):
                continue
            error = NameError(f"name {name!r} is not defined")
            error.name = name
            if advice(error) and is_loaded(name, source):
                raise Problem(self.explained(error)) from None

    def explained(self, error):
        return explain(error, self.namespace.path, self.lines)

    def evaluate(self, arguments):
        names = self.namespace.get()
        try:
            if arguments:
                return plain(self.callee(names)(*arguments))
            result = eval(self.code, names)
            return plain(result() if callable(result) else result)
        except BaseException as error:
            raise Problem(self.explained(error)) from None

    def order_by_key(self, items):
        names = self.namespace.get()
        try:
            keys = [self.callee(names)(item) for item in items]
            return sorted(range(len(items)), key=keys.__getitem__)
        except BaseException as error:
            raise Problem(self.explained(error)) from None

    def order_by_comparison(self, items):
        names = self.namespace.get()
        try:
            compare = self.callee(names)
            key = functools.cmp_to_key(lambda a, b: compare(items[a], items[b]))
            return sorted(range(len(items)), key=key)
        except BaseException as error:
            raise Problem(self.explained(error)) from None

    def callee(self, names):
        if self.function is None:
            self.function = eval(self.code, names)
        if not callable(self.function):
            kind = type(self.function).__name__
            raise TypeError(f"expected a function, as \"lambda f: ...\"; this is of type {kind}")
        return self.function


def names_of_code(code):
    """Names of globals and attributes."""
    inner = [names_of_code(part) for part in code.co_consts if isinstance(part, types.CodeType)]
    return set(code.co_names).union(*inner)


def is_loaded(name, source):
    import ast
    return any(isinstance(node, ast.Name) and node.id == name
               for node in ast.walk(ast.parse(source.lstrip(" \t"), mode="eval")))


def plain(value):
    """None, bool, int, float, str, or a list of str; anything else is as true as Python says."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (bytes, bytearray)):
        return text(value)
    if isinstance(value, (set, frozenset)):
        return sorted(map(text, value))
    if isinstance(value, (list, tuple, dict, range)) or hasattr(value, "__next__"):
        return [text(item) for item in value]
    return bool(value)


def text(value):
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "surrogateescape")
    return value if isinstance(value, str) else str(value)


def flush():
    """What the user's functions printed, and what they left to do for the end of the program."""
    import atexit
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            pass  # closed: nobody is there to read it


# ------------------------------------------------------------------ errors

def explain(error, pythonfile, lines=1):
    """Python's own message, where in the user's files it arose, and how Python 3 writes it."""
    name = type(error).__name__
    if isinstance(error, SyntaxError):
        message = f"{name}: {error.msg}"
        line = error.lineno
        at = place(error.filename, line, pythonfile, lines)
    else:
        said = str(error) or (str(error.code) if isinstance(error, SystemExit) else "")
        message = f"{name}: {said}" if said else name
        at = frame(error, pythonfile, lines)
    return " ".join(f"{message}{at}{advice(error)}".split())


def place(filename, line, pythonfile, lines):
    if filename == "<expression>":
        return f" (line {line} of the expression)" if lines > 1 and line else ""
    return f" (line {line} of {filename})" if filename and line else ""


def frame(error, pythonfile, lines):
    """The innermost of the user's own lines that led to the error."""
    found = ""
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in (pythonfile, "<expression>"):
            found = place(name, trace.tb_lineno, pythonfile, lines)
        trace = trace.tb_next
    return found


# (type of error, what its text or the wrong line is like, what to do), the first that fits
ADVICE = [
    (NameError, r"'cmp'", "Python 3 has no cmp: write (x > y) - (x < y)"),
    (NameError, r"'(unicode|unichr|basestring)'", "in Python 3 each text is a str"),
    (NameError, r"'xrange'", "Python 3 writes range"),
    (NameError, r"'raw_input'", "Python 3 writes input"),
    (NameError, r"'long'", "Python 3 writes int"),
    (NameError, r"'reduce'", "Python 3 writes functools.reduce"),
    (NameError, r"'(file|open)'", "Python 3 writes open"),
    (NameError, r"'apply'", "Python 3 writes function(*arguments)"),
    (NameError, r"'buffer'", "Python 3 writes memoryview"),
    (NameError, r"'intern'", "Python 3 writes sys.intern"),
    (NameError, r"'execfile'", "Python 3 writes exec(open(name).read())"),
    (NameError, r"'reload'", "Python 3 writes importlib.reload"),
    (NameError, r"'(true|false|none)'", "Python writes True, False and None"),
    (AttributeError, r"module 'string' has no attribute 'join(fields)?'",
     "Python 3 writes separator.join(list)"),
    (AttributeError, r"module 'string' has no attribute '(letters|lowercase|uppercase)'",
     "Python 3 writes string.ascii_letters, ascii_lowercase, ascii_uppercase"),
    (AttributeError, r"module 'string' has no attribute '(\w+)'",
     "in Python 3 it is a method of the text: text.{1}(...)"),
    (AttributeError, r"object has no attribute 'has_key'", "Python 3 writes key in dict"),
    (AttributeError, r"'dict' object has no attribute '(iter|view)(\w+)'",
     "Python 3 writes dict.{2}()"),
    (AttributeError, r"'str' object has no attribute 'decode'",
     "in Python 3 a str is text already; leave out .decode(...)"),
    (AttributeError, r"module 'os' has no attribute 'getcwdu'", "Python 3 writes os.getcwd()"),
    (AttributeError, r"module 'sys' has no attribute 'maxint'", "Python 3 writes sys.maxsize"),
    (AttributeError, r"module 'urllib' has no attribute '(urlopen|urlretrieve)'",
     "Python 3 writes urllib.request.{1}, after import urllib.request"),
    (AttributeError, r"module 'urllib' has no attribute '(\w+)'",
     "Python 3 writes urllib.parse.{1}, after import urllib.parse"),
    (AttributeError, r"module 'itertools' has no attribute 'i(map|filter|zip)'",
     "Python 3 writes {1}"),
    (AttributeError, r"module 'types' has no attribute '(String|Unicode|Int|List|Dict|Tuple)\w*'",
     "Python 3 writes str, int, list, dict, tuple"),
    (AttributeError, r"module 'base64' has no attribute '(en|de)codestring'",
     "Python 3 writes base64.{1}codebytes"),
    (AttributeError, r"module 'time' has no attribute 'clock'",
     "Python 3 writes time.perf_counter()"),
    (AttributeError, r"module 'sys' has no attribute 'setdefaultencoding'",
     "leave it out, Python 3 knows UTF-8 by itself"),
    (AttributeError, r"module 'os' has no attribute 'popen[234]'", "Python 3 has subprocess.run"),
    (AttributeError, r"'dict_(keys|values|items)' object has no attribute 'sort'",
     "Python 3 writes sorted(dict.{1}())"),
    (AttributeError, r"'(map|filter|zip|dict_\w+)' object has no attribute",
     "Python 3 needs list(...) around it"),
    (AttributeError, r"has no attribute 'func_(\w+)'", "Python 3 writes __{1}__"),
    (AttributeError, r"has no attribute 'next'", "Python 3 writes next(iterator)"),
    (ImportError, r"'(join|split|replace|strip|lower|upper|find|atoi)' from 'string'",
     "in Python 3 it is a method of the text: text.{1}(...)"),
    (ImportError, r"'(urlopen|urlretrieve)' from 'urllib'", "Python 3 has it in urllib.request"),
    (ImportError, r"'\w+' from 'urllib'", "Python 3 has it in urllib.parse"),
    (ImportError, r"'i(map|filter|zip)' from 'itertools'", "Python 3 has {1} without import"),
    (ImportError, r"'commands'", "Python 3 has subprocess.getoutput"),
    (ImportError, r"'(urllib2|urlparse)'", "Python 3 has urllib.request and urllib.parse"),
    (ImportError, r"'ConfigParser'", "Python 3 writes configparser"),
    (ImportError, r"'Queue'", "Python 3 writes queue"),
    (ImportError, r"'(c?StringIO)'", "Python 3 has io.StringIO"),
    (ImportError, r"'cPickle'", "Python 3 writes pickle"),
    (ImportError, r"'httplib'", "Python 3 writes http.client"),
    (ImportError, r"'__builtin__'", "Python 3 writes builtins"),
    (ImportError, r"'(md5|sha)'", "Python 3 has hashlib"),
    (ImportError, r"'thread'", "Python 3 has threading"),
    (ImportError, r"'HTMLParser'", "Python 3 writes html.parser"),
    (ImportError, r"'htmlentitydefs'", "Python 3 writes html.entities"),
    (ImportError, r"'cookielib'", "Python 3 writes http.cookiejar"),
    (ImportError, r"'xmlrpclib'", "Python 3 writes xmlrpc.client"),
    (ImportError, r"'(SocketServer|Tkinter)'", "Python 3 writes the name in small letters"),
    (ImportError, r"'sets'", "Python 3 has set without import"),
    (ImportError, r"'(popen2|exceptions|UserDict|anydbm)'",
     "Python 3 has it in subprocess, builtins, collections, dbm"),
    (ImportError, r"'email\.(MIME\w+|Utils|Header|Encoders)'",
     "Python 3 writes email.mime.text, email.utils, email.header, email.encoders"),
    (TypeError, r"sort\(\) takes (no|0|exactly 0|at most 0) positional|sort expected .*0"
     r"|'cmp' is an invalid keyword|sorted expected 1 argument",
     "Python 3 writes key=functools.cmp_to_key(function)"),
    (TypeError, r"for >>: 'builtin_function_or_method'", "Python 3 writes print(..., file=...)"),
    (TypeError, r"'(map|filter|zip|dict_\w+)'.*(is not subscriptable|has no len|and '|$)",
     "Python 3 needs list(...) around it"),
    (TypeError, r"for \+: 'range'", "Python 3 needs list(...) around it"),
    (TypeError, r"indices must be integers", "Python 3 writes // to divide whole numbers"),
    (TypeError, r"exceptions must derive from BaseException", "Python 3 writes raise Error(text)"),
    (TypeError, r"str\.translate\(\) takes exactly one",
     "Python 3 writes text.translate(str.maketrans('', '', letters))"),
    (LookupError, r"is not a text encoding", "Python 3 has base64 and binascii for that"),
    (TypeError, r"bytes-like object is required|can't concat str to bytes|must be str, not bytes"
     r"|not \"bytes\"\) to str|cannot use a string pattern on a bytes-like|must be bytes or a tuple",
     "the output of a program is bytes: add .decode(), or text=True to subprocess's call"),
    (TypeError, r"'<' not supported between", "Python 3 compares only things of one kind"),
    (TabError, r"", "Python 3 does not take tabs for eight blanks; use blanks alone"),
    (SyntaxError, r"Missing parentheses in call to 'print'", "Python 3 writes print(...)"),
    (SyntaxError, r"Missing parentheses in call to 'exec'", "Python 3 writes exec(...)"),
    (SyntaxError, r"multiple exception types must be parenthesized",
     "Python 3 writes except Error as name"),
    (SyntaxError, r"leading zeros in decimal integer literals", "Python 3 writes 0o700 for 0700"),
    (SyntaxError, r"\bprint\s+[^\s(=]", "Python 3 writes print(...)"),
    (SyntaxError, r"\braise\s+\w+\s*,", "Python 3 writes raise Error(text)"),
    (SyntaxError, r"\bexcept\s+[\w.]+\s*,", "Python 3 writes except Error as name"),
    (SyntaxError, r"<>", "Python 3 writes != for <>"),
    (SyntaxError, r"`", "Python 3 writes repr(x) for `x`"),
    (SyntaxError, r"\b[uU][rR]['\"]", "Python 3 writes r'...' for ur'...'"),
    (SyntaxError, r"\d[lL]\b", "Python 3 writes whole numbers without an L"),
    (SyntaxError, r"lambda\s*\(|def\s+\w+\([^)]*\(", "Python 3 takes no tuples as parameters"),
]


def advice(error):
    said = [str(error)]
    if isinstance(error, SyntaxError):
        said = [error.msg or "", error.text or ""]
    for kind, pattern, words in ADVICE:
        match = isinstance(error, kind) and next(
            (m for m in (re.search(pattern, s) for s in said) if m), None)
        if match:
            return "; " + words.format(match[0], *match.groups())
    name = getattr(error, "name", None)
    if isinstance(error, NameError) and name in sys.stdlib_module_names:
        return f"; write \"import {name}\" into the pythonfile ([general] pythonfile)"
    return ""
