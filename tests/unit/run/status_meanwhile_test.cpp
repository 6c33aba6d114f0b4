// SPDX-License-Identifier: Apache-2.0
#include "takeover_fixture.hpp"

// What the original kept while the account was with another store.

namespace offlineimap::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// The account was with sqlite, as the original is, and is with lmdb or plain now.
class Meanwhile : public StatusTakeover, public testing::WithParamInterface<std::string> {
protected:
    Meanwhile()
    {
        run("sqlite");
        keep("sqlite", "INBOX", old);
        keep("sqlite", "Work", old);
        run(GetParam());
        keep(GetParam(), "Work", young);
        note(GetParam(), two_notes);
        note(GetParam(), {{"Work", "left.token", "w"}});
    }
};

TEST_P(Meanwhile, what_the_original_has_kept_since_is_taken_over)
{
    keep("sqlite", "INBOX", young);
    keep("sqlite", "New", old);
    run(GetParam());
    EXPECT_EQ(in(GetParam()), (Folders {{"INBOX", young}, {"New", old}, {"Work", young}}));
    EXPECT_THAT(lines, ElementsAre(HasSubstr("INBOX from sqlite"), HasSubstr("New from sqlite")));
    EXPECT_THAT(
        notes_in(GetParam()), UnorderedElementsAre(two_notes[1], Note {"Work", "left.token", "w"}));
    run(GetParam());
    EXPECT_THAT(lines, IsEmpty());
}

TEST_P(Meanwhile, it_wins_too_where_its_store_is_the_one_to_go_to)
{
    keep("sqlite", "INBOX", young);
    run("sqlite");
    EXPECT_EQ(in("sqlite"), (Folders {{"INBOX", young}, {"Work", young}}));
    EXPECT_THAT(
        notes_in("sqlite"), UnorderedElementsAre(two_notes[1], Note {"Work", "left.token", "w"}));
}

TEST_P(Meanwhile, an_interrupted_take_over_is_done_again)
{
    keep("sqlite", "INBOX", young);
    for (int at = 1; at < 100; ++at) {
        fuse.left = at;
        try {
            run(GetParam());
            break;
        } catch (const Error&) {
        }
        fuse.left = -1;
    }
    fuse.left = -1;
    run(GetParam());
    EXPECT_EQ(in(GetParam()), (Folders {{"INBOX", young}, {"Work", young}}));
}

TEST_P(Meanwhile, a_file_that_was_only_copied_is_not_news)
{
    keep(GetParam(), "INBOX", young);
    for (const char* name : {"INBOX", "Work"})
        fs::last_write_time(
            host.directory / "LocalStatus-sqlite" / name, fs::file_time_type::clock::now());
    run(GetParam());
    EXPECT_THAT(lines, IsEmpty());
    EXPECT_EQ(in(GetParam()), (Folders {{"INBOX", young}, {"Work", young}}));
}

TEST_P(Meanwhile, an_older_file_that_was_put_back_is_not_news)
{
    const auto file = host.directory / "LocalStatus-sqlite/INBOX";
    const auto before = fs::last_write_time(file);
    keep("sqlite", "INBOX", young);
    fs::last_write_time(file, before - std::chrono::hours(1));
    run(GetParam());
    EXPECT_THAT(lines, IsEmpty());
    EXPECT_EQ(in(GetParam())["INBOX"], old);
}

TEST_P(Meanwhile, a_store_without_records_is_no_news)
{
    keep("sqlite", "INBOX", {});
    run(GetParam());
    EXPECT_THAT(lines, IsEmpty());
    EXPECT_EQ(in(GetParam())["INBOX"], old);
}

TEST_P(Meanwhile, a_dry_run_says_so_and_leaves_everything)
{
    keep("sqlite", "INBOX", young);
    const auto before = files("");
    EXPECT_EQ(run(GetParam(), true), GetParam());
    EXPECT_THAT(lines, ElementsAre(HasSubstr("[DRYRUN] Would take the status of INBOX")));
    EXPECT_EQ(run("sqlite", true), GetParam());
    EXPECT_THAT(lines, ElementsAre(HasSubstr("[DRYRUN] Would migrate")));
    EXPECT_EQ(files(""), before);
}

INSTANTIATE_TEST_SUITE_P(every, Meanwhile, testing::Values("plain", "lmdb"), [](const auto& test) {
    return test.param;
});

}  // namespace
}  // namespace offlineimap::core
