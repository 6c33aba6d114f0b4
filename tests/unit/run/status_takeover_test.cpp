// SPDX-License-Identifier: Apache-2.0
#include "core/run/status_takeover.hpp"

#include "core/run/status_history.hpp"

#include "status-lmdb/store.hpp"
#include "status-plain/store.hpp"
#include "status-sqlite/store.hpp"
#include "testkit/test_cancel.hpp"
#include "unit/common-status/store_fixture.hpp"

#include <chrono>
#include <fstream>
#include <thread>

// A story of an account's state: who keeps it where, and which of them must win.

namespace offlineimap::core {
namespace {

namespace fs = std::filesystem;
using status::test::make_record;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Fails at the n-th thing that is to be durable.
struct Fuse {
    int left = -1;
    void burn()
    {
        if (left > 0 && --left == 0) throw Error(Errc::io, "the disk is gone");
    }
};

class FusedFolder final : public StatusFolder {
public:
    FusedFolder(std::unique_ptr<StatusFolder> real, Fuse& fuse)
        : real_(std::move(real)), fuse_(fuse)
    {
    }
    void load(RecordSink& sink) override { real_->load(sink); }
    void find(std::span<const MessageId> right, RecordSink& sink) override
    {
        real_->find(right, sink);
    }
    std::uint64_t size() override { return real_->size(); }
    void apply(const Batch& batch) override
    {
        fuse_.burn();
        real_->apply(batch);
        fuse_.burn();
    }

private:
    std::unique_ptr<StatusFolder> real_;
    Fuse& fuse_;
};

class FusedStore final : public StatusStore {
public:
    FusedStore(std::unique_ptr<StatusStore> real, Fuse& fuse) : real_(std::move(real)), fuse_(fuse)
    {
    }
    std::vector<std::string> folders() override { return real_->folders(); }
    std::unique_ptr<StatusFolder> open(std::string_view folder) override
    {
        return std::make_unique<FusedFolder>(real_->open(folder), fuse_);
    }
    void erase(std::string_view folder) override
    {
        fuse_.burn();
        real_->erase(folder);
        fuse_.burn();
    }
    std::vector<Note> notes() override { return real_->notes(); }
    void put(std::span<const Note> notes) override
    {
        fuse_.burn();
        real_->put(notes);
        fuse_.burn();
    }
    void* facet(std::string_view name) noexcept override { return real_->facet(name); }

private:
    std::unique_ptr<StatusStore> real_;
    Fuse& fuse_;
};

using Folders = std::map<std::string, std::vector<Record>>;

class StatusTakeover : public status::test::DirectoryTest {
protected:
    std::unique_ptr<StatusStore> make(std::string_view type)
    {
        if (type == "sqlite") return std::make_unique<status_sqlite::SqliteStore>(host);
        if (type == "plain") return std::make_unique<status_plain::PlainStore>(host);
        if (type == "lmdb" && has_lmdb) return std::make_unique<status_lmdb::LmdbStore>(host);
        return nullptr;
    }

    /// The beginning of a run with this setting; the type of the store that it works with.
    std::string run(const std::string& configured, bool dry_run = false)
    {
        std::map<std::string, std::unique_ptr<StatusStore>, std::less<>> open;
        const testkit::TestCancel cancel;
        lines.clear();
        return take_over_status(
            {.configured = configured,
             .history = history_file(),
             .open =
                 [&](std::string_view type) {
                     auto made = make(type);
                     if (!made) return static_cast<StatusStore*>(nullptr);
                     if (fuse.left > 0) made = std::make_unique<FusedStore>(std::move(made), fuse);
                     auto& place = open[std::string(type)];
                     if (!place) place = std::move(made);
                     return place.get();
                 },
             .log = [&](Level, std::string_view text) { lines.emplace_back(text); },
             .cancel = cancel,
             .dry_run = dry_run});
    }

    fs::path history_file() const { return host.directory / "LocalStatus-history"; }

    Folders in(std::string_view type)
    {
        Folders found;
        const auto store = make(type);
        for (const auto& name : store->folders())
            found[name] = status::test::all(*store->open(name));
        return found;
    }
    std::vector<Note> notes_in(std::string_view type) { return make(type)->notes(); }

    /// What a run leaves, ours or the original's.
    void keep(std::string_view type, const std::string& folder, const std::vector<Record>& records)
    {
        // The clock of a file system is coarse.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        const auto store = make(type);
        const auto opened = store->open(folder);
        std::vector<MessageId> gone;
        for (const Record& record : status::test::all(*opened))
            gone.push_back(record.right);
        opened->apply({.put = records, .erase = gone});
    }
    void note(std::string_view type, const std::vector<Note>& notes) { make(type)->put(notes); }

    std::map<std::string, std::string> files(const std::string& below)
    {
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(host.directory))
            if (entry.is_regular_file() && entry.path().string().find(below) != std::string::npos)
                found[entry.path().string()] = digest_of(entry.path());
        return found;
    }

    static Record rich(std::string id)
    {
        Record record = make_record(std::move(id), {Flag::seen});
        record.left.value = "left";
        record.keywords = {"$Work"};
        record.labels = {"a, b"};
        return record;
    }

    const std::vector<Record> old {make_record("1"), make_record("2"), rich("3")};
    const std::vector<Record> young {make_record("2", {Flag::seen}), rich("4"), rich("M5")};
    const std::vector<Note> two_notes {
        {"INBOX", "left.token", "t"}, {"INBOX", "storing.left.5", "s"}};
    Fuse fuse;
    bool has_lmdb = true;
    std::vector<std::string> lines;
};

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
