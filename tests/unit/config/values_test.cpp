// SPDX-License-Identifier: Apache-2.0
#include "core/config/dates.hpp"
#include "core/config/literal.hpp"
#include "core/config/values.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

using namespace offlineimap::core;
using Texts = std::vector<std::string>;

TEST(Values, flags_are_python_s)
{
    for (const auto* text : {"1", "yes", "True", "ON"})
        EXPECT_EQ(parse_flag(text), true) << text;
    for (const auto* text : {"0", "no", "False", "oFF"})
        EXPECT_EQ(parse_flag(text), false) << text;
    for (const auto* text : {"", "2", "y", "yes ", "no ; x"})
        EXPECT_EQ(parse_flag(text), std::nullopt) << text;
}

TEST(Values, whole_numbers_are_python_s)
{
    EXPECT_EQ(parse_integer(" 12 "), 12);
    EXPECT_EQ(parse_integer("-1"), -1);
    EXPECT_EQ(parse_integer("+7"), 7);
    EXPECT_EQ(parse_integer("007"), 7);
    EXPECT_EQ(parse_integer("1_000"), 1000);
    for (const auto* text :
         {"", "x", "1.5", "1 2", "_1", "1_", "1__0", "+-1", "0x10", "99999999999999999999"})
        EXPECT_EQ(parse_integer(text), std::nullopt) << text;
}

TEST(Values, decimals_are_finite)
{
    EXPECT_EQ(parse_decimal("0.5"), 0.5);
    EXPECT_EQ(parse_decimal("5"), 5.0);
    EXPECT_EQ(parse_decimal("1e2"), 100.0);
    for (const auto* text : {"", "inf", "nan", "1,5", "5m"})
        EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
}

TEST(Values, sizes_and_times_have_units)
{
    EXPECT_EQ(parse_size("2000"), 2000);
    EXPECT_EQ(parse_size("10M"), 10 << 20);
    EXPECT_EQ(parse_size("1 k"), 1024);
    EXPECT_EQ(parse_seconds("2h"), 7200);
    EXPECT_EQ(parse_seconds("30"), 30);
    for (const auto* text : {"", "M", "-1", "1T", "9999999999999G"})
        EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(Values, a_home_folder_is_found)
{
    setenv("HOME", "/home/ann/", 1);
    EXPECT_EQ(expand_home("~"), "/home/ann");
    EXPECT_EQ(expand_home("~/x"), "/home/ann/x");
    EXPECT_EQ(expand_home("~root/x"), "/root/x");
    EXPECT_EQ(expand_home("~no-such-user/x"), "~no-such-user/x");
    EXPECT_EQ(expand_home("a~/x"), "a~/x");
}

TEST(Values, variables_are_replaced_or_left)
{
    setenv("CONFIG_TEST", "v$x", 1);
    EXPECT_EQ(expand_path("$CONFIG_TEST-${CONFIG_TEST}"), "v$x-v$x");
    EXPECT_EQ(expand_path("$ ${ ${} $0_no a$"), "$ ${ ${} $0_no a$");
}

TEST(Values, a_day_exists_and_is_not_in_the_future)
{
    using namespace std::chrono;
    const sys_days today = 2024y / March / 1;
    EXPECT_EQ(parse_date("2024-02-29", today), sys_days(2024y / February / 29));
    EXPECT_EQ(parse_date("2024-03-01", today), today);
    EXPECT_EQ(parse_date("2024-1-5", today), sys_days(2024y / January / 5));
    for (const auto* text :
         {"2024-03-02", "2023-02-29", "1899-12-31", "24-01-01", "2024/01/01", "2024-01", "",
          "-1--1-1"})
        EXPECT_EQ(parse_date(text, today), std::nullopt) << text;
}

TEST(Literal, strings_are_python_s)
{
    const auto text = [](std::string_view source) {
        const auto value = python_literal(source);
        const auto* result = value ? std::get_if<std::string>(&*value) : nullptr;
        return result == nullptr ? std::string("none") : *result;
    };
    EXPECT_EQ(text("'a'"), "a");
    EXPECT_EQ(text(" \"it's\" "), "it's");
    EXPECT_EQ(text(R"('a\'b\n\t\\\x41\u00e9\101\q')"), "a'b\n\t\\A\u00e9A\\q");
    EXPECT_EQ(text(R"(r'\n\'')"), R"(\n\')");
    EXPECT_EQ(text("'''a\nb'''"), "a\nb");
    EXPECT_EQ(text("'a' 'b'\n\"c\""), "abc");
    EXPECT_EQ(text("('a'\n 'b')"), "ab");
    EXPECT_EQ(text("''"), "");
    for (const auto* source :
         {"a", "'a", "'a' + 'b'", "'a'.upper()", "'a\nb'", "f'a'", "'\\N{DASH}'", ""})
        EXPECT_EQ(text(source), "none") << source;
}

TEST(Literal, numbers_names_and_lists)
{
    using offlineimap::Value;
    EXPECT_EQ(python_literal("993"), Value(std::int64_t {993}));
    EXPECT_EQ(python_literal("True"), Value(true));
    EXPECT_EQ(python_literal("None"), Value());
    EXPECT_EQ(python_literal("[]"), Value(Texts {}));
    EXPECT_EQ(python_literal("['a', \"b\",\n'c' 'd',]"), Value(Texts {"a", "b", "cd"}));
    EXPECT_EQ(python_literal("('a',)"), Value(Texts {"a"}));
    for (const auto* source : {"[1]", "['a' + b]", "['a'", "['a'] + ['b']", "[,]", "lambda f: f"})
        EXPECT_EQ(python_literal(source), std::nullopt) << source;
}
