// SPDX-License-Identifier: Apache-2.0
#include "temporary_file.hpp"

#include "core/config/mbnames.hpp"
#include "core/config/read.hpp"

#include <offlineimap/error.hpp>

#include <gmock/gmock.h>

#include <cstdlib>

using namespace offlineimap::core;
using offlineimap::Error;
using testing::HasSubstr;

namespace {

const std::string complete = "[general]\n[mbnames]\nenabled = yes\nfilename = ~/mb\n"
                             "header = \"mailboxes \"\nsep = ' '\nfooter = \"\\n\"\n";

Config read(const std::string& text)
{
    const TemporaryFolder folder;
    return read_config(folder.write("rc", text));
}

std::string error_of(const std::string& text)
{
    try {
        static_cast<void>(mbnames_settings(read(text), nullptr));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), offlineimap::Errc::config);
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST(Mbnames, is_off_unless_enabled)
{
    EXPECT_FALSE(mbnames_settings(read("[general]\n"), nullptr));
    EXPECT_FALSE(mbnames_settings(
        read("[general]\n[mbnames]\nfilename=x\nheader=''\nsep=''\nfooter=''\nperitem=\n"),
        nullptr));
}

TEST(Mbnames, constants_are_evaluated_and_the_format_is_raw)
{
    setenv("HOME", "/home/ann", 1);
    const auto settings =
        mbnames_settings(read(complete + "peritem = \"+%(accountname)s\"\n"), nullptr);
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->filename, "/home/ann/mb");
    EXPECT_EQ(settings->header, "mailboxes ");
    EXPECT_EQ(settings->separator, " ");
    EXPECT_EQ(settings->footer, "\n");
    EXPECT_EQ(settings->per_item, "\"+%(accountname)s\"");
    EXPECT_FALSE(settings->incremental);
    EXPECT_EQ(settings->folder_filter, nullptr);
}

TEST(Mbnames, what_is_wrong_is_said_early)
{
    EXPECT_EQ(
        error_of(complete),
        "rc:2: [mbnames] peritem is not set: one folder, with "
        "%(accountname)s, %(foldername)s and %(localfolders)s");
    EXPECT_THAT(error_of(complete + "peritem = %(folder)s\n"), HasSubstr("no %(folder)s"));
    EXPECT_THAT(error_of(complete + "peritem = 5%\n"), HasSubstr("must be written \"%%\""));
    EXPECT_THAT(
        error_of(complete + "peritem = x\nfolderfilter = lambda a, f: True\n"),
        HasSubstr("rc:9: [mbnames] folderfilter: is a Python expression"));
}

TEST(Mbnames, an_item_is_formatted)
{
    EXPECT_EQ(
        formatted(
            "100%% %(localfolders)s/%(foldername)s (%(accountname)s)", {"work", "INBOX", "/mail"}),
        "100% /mail/INBOX (work)");
}

/// As Python's % does it, with which the original formats.
TEST(Mbnames, names_are_padded_and_cut)
{
    const MbnamesItem item {"work", "Entw\u00fcrfe", "/mail"};
    EXPECT_EQ(formatted("<%(foldername)-10s>", item), "<Entw\u00fcrfe  >");
    EXPECT_EQ(formatted("<%(foldername)10s>", item), "<  Entw\u00fcrfe>");
    EXPECT_EQ(formatted("<%(foldername).5s>", item), "<Entw\u00fc>");
    EXPECT_EQ(formatted("<%(accountname)-6.2s>", item), "<wo    >");
    EXPECT_EQ(formatted("<%(accountname)3s>", item), "<work>");
    for (const char* wrong :
         {"%(foldername)d", "%(foldername)-10", "%(foldername)", "%(foldername"})
        EXPECT_THROW(formatted(wrong, item), Error) << wrong;
}
