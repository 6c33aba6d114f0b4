// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

constexpr auto option = "rc:7: [Repository r] option: ";

}  // namespace

TEST_F(ScriptPython, an_error_of_syntax_is_told_at_once_with_the_option)
{
    EXPECT_EQ(
        error_of([&] { compile("lambda f: f +"); }),
        std::string(option) + "SyntaxError: invalid syntax");
    EXPECT_EQ(
        error_of([&] { compile("[\n'a'\n'b',\n*]"); }),
        std::string(option) + "SyntaxError: invalid syntax (line 4 of the expression)");
    EXPECT_THAT(error_of([&] { compile(std::string("'a\0b'", 5)); }), StartsWith(option));
}

TEST_F(ScriptPython, an_error_names_the_option_the_line_and_what_python_says)
{
    write("\ndef fail(f):\n    return helper(f)\n\ndef helper(f):\n    return 1 / 0\n");
    EXPECT_EQ(
        error_of([&] { call("lambda f: f.foo()", "a"); }),
        std::string(option) + "AttributeError: 'str' object has no attribute 'foo'");
    EXPECT_EQ(
        error_of([&] { call("fail", "a"); }),
        std::string(option) + "ZeroDivisionError: division by zero (line 6 of " + file() + ")");
    EXPECT_THAT(
        error_of([&] { call("fail", "a"); }),
        AllOf(Not(HasSubstr("Traceback")), Not(HasSubstr("\n"))));
}

TEST_F(ScriptPython, a_broken_pythonfile_is_told_as_such_and_run_once)
{
    write("a = 1\nprint(a)\nb = undefined\n");
    const auto expected =
        "test:pythonfile: [general] pythonfile: NameError: name 'undefined' is not "
        "defined (line 3 of "
        + file() + ")";
    testing::internal::CaptureStdout();
    EXPECT_EQ(error_of([&] { compile("a"); }), expected);
    EXPECT_EQ(error_of([&] { compile("a"); }), expected);
    TearDown();
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "1\n");
}

TEST_F(ScriptPython, a_missing_pythonfile_is_named)
{
    named_ = true;
    EXPECT_THAT(
        error_of([&] { compile("a"); }),
        HasSubstr("[general] pythonfile: " + file() + ": No such file or directory"));
}

TEST_F(ScriptPython, an_end_that_python_asks_for_is_an_error)
{
    write("import sys\n");
    EXPECT_EQ(error_of([&] { value("sys.exit(3)"); }), std::string(option) + "SystemExit: 3");
    EXPECT_THAT(error_of([&] { call("'not a function'", "a"); }), HasSubstr("expected a function"));
    EXPECT_THAT(
        error_of([&] { call("lambda f: f(f)", "a"); }), HasSubstr("'str' object is not callable"));
}

/// Each says how Python 3 writes it.
TEST_F(ScriptPython, leftovers_of_python_2_get_advice)
{
    const std::pair<const char*, const char*> expressions[] {
        {"lambda f: cmp(f, 'a')", "write (x > y) - (x < y)"},
        {"lambda f: unicode(f)", "each text is a str"},
        {"lambda f: f.decode('utf8')", "leave out .decode(...)"},
        {"lambda f: {}.has_key(f)", "Python 3 writes key in dict"},
        {"lambda f: {}.iteritems()", "Python 3 writes dict.items()"},
        {"lambda f: __import__('string').join([f])", "separator.join(list)"},
        {"lambda f: __import__('string').lower(f)", "text.lower(...)"},
        {"lambda f: [f].sort(len)", "functools.cmp_to_key"},
        {"lambda f: reduce(f, [])", "functools.reduce"},
        {"lambda f: f <> 'a'", "write"},
        {"lambda f: ur'x'", "r'...'"},
        {"lambda f: `f`", "repr(x)"},
        {"lambda f: b'x' + f", "bytes"},
        {"lambda f: os.getenv('X')", "write \"import os\" into the pythonfile"},
        {"lambda f: true", "Python writes True"},
        {"lambda f: 10L", "without an L"},
        {"lambda (a, b): a", "no tuples"},
        {"lambda f: {1: 2}.keys()[0]", "list(...)"},
        {"lambda f: {1: 2}.keys().sort()", "sorted(dict.keys())"},
        {"lambda f: {1: 2}.values() + [3]", "list(...)"},
        {"lambda f: map(str, [1])[0]", "list(...)"},
        {"lambda f: len(filter(None, [1]))", "list(...)"},
        {"lambda f: range(3) + [3]", "list(...)"},
        {"lambda f: sorted([f], cmp=lambda a, b: 0)", "functools.cmp_to_key"},
        {"lambda f: sorted([f], lambda a, b: 0)", "functools.cmp_to_key"},
        {"lambda f: f[len(f)/2:]", "write"},
        {"lambda f: 'x'.encode('hex')", "binascii"},
        {"lambda f: f.encode('utf8').replace('/', '.')", "bytes"},
        {"lambda f: f.encode('utf8').startswith('a')", "bytes"},
        {"lambda f: f.translate(None, 'abc')", "str.maketrans"},
        {"lambda f: __import__('itertools').izip([1], [2])", "Python 3 writes zip"},
        {"lambda f: __import__('urllib').urlencode({})", "urllib.parse.urlencode"},
        {"lambda f: __import__('urllib').urlopen(f)", "urllib.request.urlopen"},
        {"lambda f: type(f) == __import__('types').StringType", "str, int"},
        {"lambda f: __import__('base64').decodestring(f)", "base64.decodebytes"},
        {"lambda f: __import__('time').clock()", "perf_counter"},
        {"lambda f: __import__('sys').setdefaultencoding('utf8')", "leave it out"},
        {"lambda f: __import__('os').popen3(f)", "subprocess.run"},
        {"lambda f: apply(str, [f])", "function(*arguments)"},
        {"lambda f: isinstance(f, basestring)", "each text is a str"},
        {"lambda f: raw_input(f)", "Python 3 writes input"},
        {"lambda f: long(f)", "Python 3 writes int"},
        {"lambda f: xrange(3)", "Python 3 writes range"},
        {"lambda f: {}.has_key(f) and 0", "key in dict"},
    };
    for (const auto& [source, advice] : expressions) {
        const auto& text = source;  // clang 14 does not capture a binding
        EXPECT_THAT(error_of([&] { call(text, "a"); }), HasSubstr(advice)) << text;
    }
}

/// Not only when the function comes to it.
TEST_F(ScriptPython, names_that_python_2_had_are_told_at_once)
{
    write("def unicode(f):\n    return f\n");
    EXPECT_THAT(
        error_of([&] { compile("lambda x, y: cmp(x, y)"); }),
        AllOf(StartsWith(option), HasSubstr("write (x > y) - (x < y)")));
    EXPECT_THAT(error_of([&] { compile("lambda f: os.getenv(f)"); }), HasSubstr("import os"));
    for (const char* const good :
         {"lambda f: unicode(f)", "lambda file: file.reduce", "lambda f: [long for long in f]",
          "lambda f: f.cmp", "lambda f: maybe(f) if 0 else f"})
        EXPECT_NO_THROW(compile(good)) << good;
}

TEST_F(ScriptPython, leftovers_of_python_2_in_the_file_get_advice)
{
    const std::pair<const char*, const char*> files[] {
        {"def f(x):\n  print x\n", "Python 3 writes print(...) "},
        {"try:\n  pass\nexcept ValueError, e:\n  pass\n", "except Error as name"},
        {"raise ValueError, 'x'\n", "raise Error(text)"},
        {"import os\nos.umask(0077)\n", "0o700"},
        {"import commands\n", "subprocess.getoutput"},
        {"import urllib2\n", "urllib.request"},
        {"def f():\n\tif 1:\n        return 1\n", "blanks"},
        {"exec 'a = 1'\n", "exec(...)"},
        {"import sys\nprint >>sys.stderr, 'x'\n", "print(..., file=...)"},
        {"print 'a' % 3,\n", "print(...)"},
        {"from string import join\n", "text.join(...)"},
        {"from urllib import urlencode\n", "urllib.parse"},
        {"from urllib import urlopen\n", "urllib.request"},
        {"from itertools import izip\n", "zip without import"},
        {"import md5\n", "hashlib"},
        {"import HTMLParser\n", "html.parser"},
        {"import Tkinter\n", "small letters"},
        {"import ConfigParser\n", "configparser"},
        {"import StringIO\n", "io.StringIO"},
        {"import popen2\n", "subprocess"},
        {"from email.MIMEText import MIMEText\n", "email.mime.text"},
        {"raise 'x'\n", "raise Error(text)"},
        {"try:\n  pass\nexcept (KeyError, ValueError), e:\n  pass\n", "except Error as name"},
        {"def f(a, (b, c)):\n  pass\n", "no tuples"},
        {"x = `1`\n", "repr(x)"},
        {"x = 1 if 1 <> 2 else 3\n", "!= for <>"},
        {"def f():\n  yield 1\nf().next()\n", "next(iterator)"},
        {"import subprocess\nsubprocess.check_output(['true']).split('\\n')\n", ".decode()"},
    };
    for (const auto& [source, advice] : files) {
        TearDown();
        SetUp();
        write(source);
        const auto error = error_of([&] { compile("1"); });
        EXPECT_THAT(error + " ", HasSubstr(advice)) << source;
        EXPECT_THAT(error, HasSubstr(file())) << source;
    }
}
