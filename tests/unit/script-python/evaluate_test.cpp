// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <csignal>
#include <cstdlib>

using offlineimap::Ordering;
using testing::ElementsAre;

TEST_F(ScriptPython, yields_values_of_each_type)
{
    EXPECT_EQ(value("None"), Value());
    EXPECT_EQ(value("not ''"), Value(true));
    EXPECT_EQ(value("-1 - 2"), number(-3));
    EXPECT_EQ(value("1.5"), Value(1.5));
    EXPECT_EQ(value("10 ** 30"), Value(1e30));
    EXPECT_EQ(value("'a' \"b\" r'\\c' + 'd'"), text("ab\\cd"));
    EXPECT_EQ(value("b'pass'"), text("pass"));
    EXPECT_EQ(value("['a', b'b', 3]"), Value(Texts {"a", "b", "3"}));
    EXPECT_EQ(value("('a', 'b')"), Value(Texts {"a", "b"}));
    EXPECT_EQ(value("{'b', 'a'}"), Value(Texts {"a", "b"}));
    EXPECT_EQ(value("filter(None, ['a', '', 'b'])"), Value(Texts {"a", "b"}));
    EXPECT_EQ(value("re.search('a', 'b')"), Value());
    EXPECT_EQ(value("re.search('a', 'a')"), Value(true));
}

/// What section 11 of the reference found in people's files.
TEST_F(ScriptPython, runs_what_real_configurations_say)
{
    EXPECT_EQ(call("lambda f: f in ['INBOX', 'Sent']", "Sent"), Value(true));
    EXPECT_EQ(call("lambda f: f not in ['INBOX', 'Sent']", "Sent"), Value(false));
    EXPECT_EQ(call("lambda f: re.sub('^INBOX\\.(.*)$', r'\\1', f)", "INBOX.a"), text("a"));
    EXPECT_EQ(call("lambda foldername: \\\nre.sub('^Mail/', '', foldername)", "Mail/x"), text("x"));
    EXPECT_EQ(call("lambda f: f in [\n'a',\n'b',\n]", "b"), Value(true));
    EXPECT_EQ(
        call(
            "lambda f: re.sub('^\\[gmail\\]', 'bak', re.sub('sent_mail', 'sent', f))",
            "[gmail]/sent_mail"),
        text("bak/sent"));
    EXPECT_EQ(call("lambda f: {'a': 'b'}.get(f, f)", "a"), text("b"));
    EXPECT_EQ(call("lambda f: 'x' if f == 'a' else f.lower()", "B"), text("b"));
    EXPECT_EQ(call("lambda f: f[:3] + '-' + f[-1]", "abcdef"), text("abc-f"));
    EXPECT_EQ(call("lambda f: '%s/%s' % (f, len(f))", "ab"), text("ab/2"));
    EXPECT_EQ(call("lambda f: '{0}.{x}'.format(f, x=str(1))", "ab"), text("ab.1"));
    EXPECT_EQ(call("lambda f: '/'.join([p.upper() for p in f.split('.')])", "a.b"), text("A/B"));
    EXPECT_EQ(call("lambda f: f.find('b') >= 0 and not f.endswith('x')", "ab"), Value(true));
    EXPECT_EQ(call("lambda f: re.match('a|b', f) or f.startswith('c')", "b"), Value(true));
    EXPECT_EQ(
        call("lambda a, f: a == 'x' and f.strip() == 'y'", {text("x"), text(" y ")}), Value(true));
    EXPECT_EQ(value("lambda: 'called'"), text("called"));
}

TEST_F(ScriptPython, names_pass_unchanged_whatever_their_bytes)
{
    EXPECT_EQ(
        call(
            "lambda f: f",
            "gr\xc3\xb6\xc3\x9f"
            "e"),
        text("gr\xc3\xb6\xc3\x9f"
             "e"));
    EXPECT_EQ(call("lambda f: f + '!'", "\xff\xfe"), text("\xff\xfe!"));
}

TEST_F(ScriptPython, expressions_share_the_names_of_the_pythonfile)
{
    write("import os\nimport subprocess\ncount = 0\nSEEN = []\n"
          "def next_one():\n    global count\n    count += 1\n    return count\n"
          "def note(f):\n    SEEN.append(f)\n    return True\n"
          "def password(name):\n"
          "    return subprocess.check_output(['echo', 'of ' + name]).strip()\n");
    EXPECT_EQ(value("next_one()"), number(1));
    EXPECT_EQ(value("next_one()"), number(2));
    EXPECT_EQ(call("note", "x"), Value(true));
    EXPECT_EQ(value("SEEN"), Value(Texts {"x"}));
    EXPECT_EQ(value("password('me')"), text("of me"));
    EXPECT_EQ(value("os.path.basename('/a/b')"), text("b"));
    EXPECT_EQ(value("lambda: os.system('exit 3') >> 8"), number(3));
}

TEST_F(ScriptPython, a_plain_expression_is_evaluated_each_time_and_a_function_made_once)
{
    write("made = []\ndef make():\n    made.append(1)\n    return lambda f: len(made)\n");
    const auto plain = compile("len(made)");
    const auto function = compile("make()");
    const Value argument = text("f");
    EXPECT_EQ(plain->evaluate({}), number(0));
    EXPECT_EQ(function->evaluate({&argument, 1}), number(1));
    EXPECT_EQ(function->evaluate({&argument, 1}), number(1));
    EXPECT_EQ(plain->evaluate({}), number(1));
}

TEST_F(ScriptPython, orders_by_key_and_by_comparison)
{
    const auto by_name = compile("lambda item: (item['localfolders'] is None, item['foldername'])");
    auto* keys = static_cast<Ordering*>(by_name->facet(Ordering::facet_name));
    ASSERT_NE(keys, nullptr);
    const std::vector<Ordering::Fields> items {
        {{"foldername", "a"}, {"localfolders", std::nullopt}},
        {{"foldername", "c"}, {"localfolders", "/m"}},
        {{"foldername", "b"}, {"localfolders", "/m"}}};
    EXPECT_THAT(keys->by_key(items), ElementsAre(2, 1, 0));
}

/// The manual's pythonfile, as Python 3 writes it.
TEST_F(ScriptPython, the_manual_s_comparison_puts_the_important_first)
{
    write("prioritized = ['INBOX', 'personal', 'announce', 'list']\n"
          "def mycmp(x, y):\n"
          "  for prefix in prioritized:\n"
          "    if x.startswith(prefix):\n      return -1\n"
          "    elif y.startswith(prefix):\n      return +1\n"
          "  return (x > y) - (x < y)\n");
    const auto compare = compile("mycmp");
    auto* sorter = static_cast<Ordering*>(compare->facet(Ordering::facet_name));
    EXPECT_THAT(
        sorter->by_comparison(Texts {"zoo", "list.b", "abc", "INBOX"}), ElementsAre(3, 1, 2, 0));
    EXPECT_EQ(compare->facet("something/9"), nullptr);
}

TEST_F(ScriptPython, compiled_modules_and_the_systems_own_library_can_be_used)
{
    write("import ssl, hashlib, json, ctypes, sys, os, encodings.idna, datetime\n");
    EXPECT_EQ(value("hashlib.md5(b'INBOX').hexdigest()"), text("7e33429f656f1e6e9d79b29c3f82c57e"));
    EXPECT_EQ(value("ssl.OPENSSL_VERSION.startswith('OpenSSL')"), Value(true));
    EXPECT_EQ(value("sys.prefix"), text("/usr"));
    EXPECT_EQ(value("sys.flags.utf8_mode"), number(1));
}

TEST_F(ScriptPython, signals_stay_the_program_s)
{
    struct sigaction before {
    }, after {};
    ASSERT_EQ(::sigaction(SIGINT, nullptr, &before), 0);
    write("import signal, subprocess, os\n");
    EXPECT_EQ(value("os.system('true')"), number(0));
    ASSERT_EQ(::sigaction(SIGINT, nullptr, &after), 0);
    EXPECT_EQ(before.sa_handler, after.sa_handler);
    EXPECT_EQ(after.sa_handler, SIG_DFL);
}

TEST_F(ScriptPython, what_is_printed_arrives)
{
    testing::internal::CaptureStdout();
    write("import atexit\natexit.register(lambda: print('goodbye'))\n");
    EXPECT_EQ(value("print('hello')"), Value());
    TearDown();
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "hello\ngoodbye\n");
}
