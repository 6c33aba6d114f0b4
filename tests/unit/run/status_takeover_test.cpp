// SPDX-License-Identifier: Apache-2.0
#include "takeover_fixture.hpp"

#include <fstream>

// A story of an account's state: who keeps it where, and which of them must win.

namespace offlineimap::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(StatusTakeover, a_new_account_begins_with_the_configured_store)
{
    EXPECT_EQ(run("lmdb"), "lmdb");
    EXPECT_EQ(read_history(history_file())->store, "lmdb");
    EXPECT_THAT(lines, IsEmpty());
}

TEST_F(StatusTakeover, the_originals_plain_files_are_imported_into_sqlite)
{
    fs::create_directories(host.directory / "LocalStatus");
    std::ofstream(host.directory / "LocalStatus/INBOX")
        << "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT 1\n1:\n2:S\n";
    const auto before = files("LocalStatus/");
    EXPECT_EQ(run("sqlite"), "sqlite");
    EXPECT_THAT(lines, ElementsAre("Migrating LocalStatus cache from plain to sqlite"));
    EXPECT_THAT(
        in("sqlite")["INBOX"], ElementsAre(make_record("1"), make_record("2", {Flag::seen})));
    EXPECT_EQ(files("LocalStatus/"), before);
    run("sqlite");
    EXPECT_THAT(lines, IsEmpty());
}

TEST_F(StatusTakeover, files_that_the_original_left_long_ago_are_not_imported_over_its_newer_ones)
{
    keep("sqlite", "INBOX", young);
    keep("plain", "INBOX", old);
    keep("plain", "Gone", old);
    run("sqlite");
    EXPECT_THAT(lines, IsEmpty());
    EXPECT_EQ(in("sqlite"), (Folders {{"INBOX", young}}));
    run("sqlite");
    EXPECT_EQ(in("sqlite"), (Folders {{"INBOX", young}}));
}

class Direction : public StatusTakeover,
                  public testing::WithParamInterface<std::pair<std::string, std::string>> { };

TEST_P(Direction, is_converted_completely_and_leaves_the_source_as_it_is)
{
    const auto& [from, to] = GetParam();
    run(from);
    keep(from, "INBOX", young);
    keep(from, "Work", old);
    note(from, two_notes);
    // What an earlier use of the other store has left must not come back.
    keep(to, "Gone", old);
    keep(to, "INBOX", old);
    note(to, {{"Gone", "left.token", "x"}});
    write_history(history_file(), {.store = from, .time = INT64_MAX, .others = {}});
    const auto before = in(from);
    EXPECT_EQ(run(to), to);
    EXPECT_EQ(in(to), before);
    EXPECT_EQ(in(from), before);
    EXPECT_THAT(notes_in(to), testing::UnorderedElementsAreArray(two_notes));
    EXPECT_THAT(notes_in(from), testing::UnorderedElementsAreArray(two_notes));
    EXPECT_EQ(lines, std::vector {"Migrating LocalStatus cache from " + from + " to " + to});
    EXPECT_EQ(run(to), to);
    EXPECT_THAT(lines, IsEmpty());
    EXPECT_EQ(in(to), before);
}

TEST_P(Direction, back_and_forth_the_newest_wins)
{
    const auto& [from, to] = GetParam();
    run(from);
    keep(from, "INBOX", old);
    keep(from, "Gone", old);
    run(to);
    keep(to, "INBOX", young);
    make(to)->erase("Gone");
    run(to);
    run(from);
    EXPECT_EQ(in(from), (Folders {{"INBOX", young}}));
    keep(from, "INBOX", old);
    run(to);
    EXPECT_EQ(in(to), (Folders {{"INBOX", old}}));
}

TEST_P(Direction, whatever_ends_it_the_next_run_has_it_all)
{
    const auto& [from, to] = GetParam();
    for (int at = 1;; ++at) {
        fs::remove_all(host.directory);
        fs::create_directory(host.directory);
        keep(to, "INBOX", old);
        keep(to, "Gone", old);
        run(to);
        run(from);
        keep(from, "INBOX", young);
        keep(from, "Work", old);
        note(from, two_notes);
        const auto before = in(from);
        fuse.left = at;
        bool failed = false;
        try {
            run(to);
        } catch (const Error&) {
            failed = true;
        }
        fuse.left = -1;
        if (!failed) break;
        if (at % 2 == 0) {
            run(from);
            EXPECT_EQ(in(from), before) << "step " << at << ": the half-filled store was believed";
        }
        run(to);
        EXPECT_EQ(in(to), before) << at;
        EXPECT_EQ(notes_in(to).size(), 2u) << at;
    }
}

INSTANTIATE_TEST_SUITE_P(
    every, Direction,
    testing::Values(
        std::pair("plain", "sqlite"), std::pair("plain", "lmdb"), std::pair("sqlite", "plain"),
        std::pair("sqlite", "lmdb"), std::pair("lmdb", "plain"), std::pair("lmdb", "sqlite")),
    [](const auto& test) { return test.param.first + "_to_" + test.param.second; });

TEST_F(StatusTakeover, a_store_whose_plugin_is_gone_is_not_passed_over)
{
    run("lmdb");
    keep("lmdb", "INBOX", young);
    keep("sqlite", "INBOX", old);
    has_lmdb = false;
    const Error error = status::test::error_of([&] { static_cast<void>(run("sqlite")); });
    EXPECT_EQ(error.code(), Errc::config);
    EXPECT_THAT(error.what(), HasSubstr("status_backend = lmdb"));
    EXPECT_EQ(in("sqlite")["INBOX"], old);
}

TEST_F(StatusTakeover, a_source_that_cannot_be_read_stops_it)
{
    run("sqlite");
    keep("sqlite", "INBOX", young);
    keep("sqlite", "Work", old);
    std::ofstream(host.directory / "LocalStatus-sqlite/Work") << std::string(5000, 'x');
    for (int i = 0; i < 2; ++i) {
        const Error error = status::test::error_of([&] { static_cast<void>(run("plain")); });
        EXPECT_EQ(error.code(), Errc::corrupt);
        EXPECT_THAT(error.what(), HasSubstr("LocalStatus-sqlite/Work"));
        EXPECT_EQ(read_history(history_file())->store, "sqlite");
    }
}

TEST_F(StatusTakeover, a_damaged_history_is_corrupt)
{
    for (const char* text :
         {"garbage", "", "offlineimap status history 2\nstore x\nend\n",
          "offlineimap status history 1\nstore sqlite\n"}) {
        std::ofstream(history_file(), std::ios::trunc) << text;
        const Error error = status::test::error_of([&] { static_cast<void>(run("sqlite")); });
        EXPECT_EQ(error.code(), Errc::corrupt);
        EXPECT_THAT(error.what(), HasSubstr(history_file().string()));
    }
}

TEST(StatusHistory, survives_names_of_every_kind)
{
    StatusHistory history {.store = "my store", .time = 12, .others = {}};
    history.others["plain"] = {
        {"a b%\n", {.size = 3, .time = -4, .digest = "0123ab", .stale = false}},
        {"\xc3\xa4\xff", {.size = 0, .time = 0, .digest = "", .stale = true}}};
    EXPECT_EQ(history_from(to_text(history)), history);
}

}  // namespace
}  // namespace offlineimap::core
