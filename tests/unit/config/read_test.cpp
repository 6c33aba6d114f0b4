// SPDX-License-Identifier: Apache-2.0
#include "temporary_file.hpp"

#include "core/config/read.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <gmock/gmock.h>

#include <cstdlib>

using namespace offlineimap::core;
using testing::HasSubstr;

namespace {

const std::string rc =
    "[DEFAULT]\nbase = /mail\n[general]\naccounts = a\n[Account a b]\nquick = 1\n"
    "[Account a_b]\nquick = 2\n[Repository r]\nlocalfolders = %(base)s/x\n";
const std::string yaml = "general: {accounts: a}\naccounts: {a b: {quick: 1}}\n";

Config read(const std::string& text, std::vector<std::string> options, const char* name = "rc")
{
    const TemporaryFolder folder;
    return read_config(folder.write(name, text), {.options = std::move(options)});
}

std::string text(const Config& config, std::string_view account)
{
    return config.account(account)->find("quick")->text;
}

std::string error_of(const std::string& source, const std::string& option, const char* name = "rc")
{
    try {
        read(source, {option}, name);
    } catch (const offlineimap::Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST(Overrides, a_blank_in_a_section_may_be_written_as_underscore)
{
    EXPECT_EQ(text(read(rc, {"Account_a_b:quick=9"}), "a b"), "9");
    EXPECT_EQ(text(read(rc, {"Account a_b:Quick=9"}), "a_b"), "9");
    EXPECT_EQ(text(read(yaml, {"Account_a_b:quick=9"}, "c.yaml"), "a b"), "9");
}

TEST(Overrides, general_is_the_section_where_none_is_named)
{
    const auto config = read(rc, {"ui=quiet", "ui=basic", "metadata=a=b:c"});
    EXPECT_EQ(config.general.find("ui")->text, "basic");
    EXPECT_EQ(config.general.find("metadata")->text, "a=b:c");
    EXPECT_EQ(config.general.find("ui")->where, "command line");
}

TEST(Overrides, references_follow_them)
{
    const auto config = read(rc, {"DEFAULT:base=/other"});
    EXPECT_EQ(config.repository("r")->find("localfolders")->text, "/other/x");
}

TEST(Overrides, what_makes_no_sense_is_an_error)
{
    EXPECT_EQ(error_of(rc, "x"), "option -k: expected \"[section:]option=value\", found no \"=\"");
    EXPECT_EQ(
        error_of(rc, "Acount_a_b:quick=1"),
        "option -k: there is no section \"Acount a b\", did you mean \"Account a b\"; there are: "
        "general, Account a b, Account a_b, Repository r, DEFAULT");
    EXPECT_THAT(error_of(yaml, "mbnames:x=1", "c.yaml"), HasSubstr("no section \"mbnames\""));
}

TEST(FindConfigFile, takes_the_original_s_places_first)
{
    const TemporaryFolder folder;
    const auto home = folder.path() / "home", config = folder.path() / "config";
    setenv("HOME", home.c_str(), 1);
    setenv("XDG_CONFIG_HOME", config.c_str(), 1);
    EXPECT_THROW(static_cast<void>(find_config_file()), offlineimap::Error);
    folder.write("config/offlineimap/config.yaml", "");
    EXPECT_EQ(find_config_file(), config / "offlineimap/config.yaml");
    folder.write("home/.offlineimaprc", "");
    EXPECT_EQ(find_config_file(), home / ".offlineimaprc");
    folder.write("config/offlineimap/config", "");
    EXPECT_EQ(find_config_file(), config / "offlineimap/config");
    setenv("XDG_CONFIG_HOME", "", 1);
    EXPECT_EQ(find_config_file(), home / ".offlineimaprc");
    folder.write("home/.config/offlineimap/config", "");
    EXPECT_EQ(find_config_file(), home / ".config/offlineimap/config");
    unsetenv("XDG_CONFIG_HOME");
}

TEST(ReadConfig, a_file_that_is_not_there_is_named)
{
    try {
        static_cast<void>(read_config("/no/such/file"));
        FAIL();
    } catch (const offlineimap::Error& error) {
        EXPECT_EQ(error.code(), offlineimap::Errc::config);
        EXPECT_STREQ(error.what(), "read /no/such/file: no such file or directory");
    }
}
