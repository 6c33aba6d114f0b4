// SPDX-License-Identifier: Apache-2.0
#include "core/config/netrc.hpp"

#include <gtest/gtest.h>

using namespace offlineimap::core;

namespace {
std::string password(std::string_view text, std::string_view machine, std::string_view login = {})
{
    const auto entries = parse_netrc(text);
    const auto* entry = find_netrc_entry(entries, machine, login);
    return entry == nullptr ? "none" : entry->password;
}
}  // namespace

TEST(Netrc, finds_a_machine)
{
    const auto* text = "machine a.example login ann password one\n"
                       "machine b.example\n\tlogin bob\n\taccount x\n\tpassword two\n";
    EXPECT_EQ(password(text, "a.example"), "one");
    EXPECT_EQ(password(text, "B.Example"), "two");
    EXPECT_EQ(password(text, "c.example"), "none");
}

TEST(Netrc, the_login_must_be_the_user)
{
    const auto* text = "machine a login ann password one\nmachine a login bob password two\n"
                       "machine a password any\n";
    EXPECT_EQ(password(text, "a", "bob"), "two");
    EXPECT_EQ(password(text, "a", "carl"), "any");
    EXPECT_EQ(password(text, "a"), "one");
}

TEST(Netrc, default_is_for_every_machine)
{
    const auto* text = "default login ann password d\nmachine a login ann password one\n";
    EXPECT_EQ(password(text, "a"), "one");
    EXPECT_EQ(password(text, "z"), "d");
    EXPECT_EQ(password(text, "z", "bob"), "none");
}

TEST(Netrc, words_may_be_quoted)
{
    EXPECT_EQ(
        password(R"(machine a login x password "two \"words\" \\")", "a"), R"(two "words" \)");
    EXPECT_EQ(password("machine a password \"open", "a"), "open");
}

TEST(Netrc, a_hash_is_a_comment_only_where_a_keyword_is_due)
{
    EXPECT_EQ(password("# machine a password no\nmachine a password #yes\n", "a"), "#yes");
    EXPECT_EQ(password("#\nmachine a #x\n password p #password q\n", "a"), "p");
    EXPECT_EQ(password("machine a password p#q\n", "a"), "p#q");
}

TEST(Netrc, macros_are_passed_over)
{
    const auto* text = "machine a login x password p\nmacdef init\nmachine b password m\n\n"
                       "machine c password q\n";
    EXPECT_EQ(password(text, "b"), "none");
    EXPECT_EQ(password(text, "c"), "q");
}

TEST(Netrc, an_unfinished_file_is_read_as_far_as_it_goes)
{
    EXPECT_EQ(password("machine", "x"), "none");
    EXPECT_EQ(password("machine a login", "a"), "");
    EXPECT_EQ(password("password p machine a", "a"), "");
    EXPECT_EQ(password("", "a"), "none");
}
