// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <optional>

// What a crash between two writes leaves, put together from the files before and after it.

namespace offlineimap::status_plain::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Crash : public StoreTest {
protected:
    Crash()
    {
        keep(before());
        PlainStore store(host);
        auto folder = store.open("INBOX");
        change(*folder);
        // As it is while the program runs: an end now is an end without compaction.
        fs::copy(host.directory, image(), fs::copy_options::recursive);
        log = read(ours("log"));
    }
    ~Crash() override { fs::remove_all(image()); }

    static std::vector<Record> before() { return {make_record("1"), make_record("2"), extra("3")}; }
    static std::vector<Record> after()
    {
        return {make_record("2", {Flag::seen}), extra("4"), extra("M1")};
    }
    static Record extra(std::string id)
    {
        Record record = make_record(std::move(id));
        record.keywords = {"$Work"};
        return record;
    }
    static void change(StatusFolder& folder)
    {
        const std::vector<Record> put {after()[0], after()[1], after()[2]};
        const std::vector<MessageId> gone {{"1"}, {"3"}};
        folder.apply({.put = put, .erase = gone});
    }

    fs::path image() const { return host.directory.string() + "-image"; }
    /// From now on the state is that of the image.
    void crash()
    {
        fs::remove_all(host.directory);
        fs::copy(image(), host.directory, fs::copy_options::recursive);
    }

    std::string log;
};

TEST_F(Crash, before_the_files_are_written_anew_the_log_has_it_all)
{
    crash();
    EXPECT_EQ(now(), after());
    EXPECT_EQ(read(original()), head_2 + "2|S|0|\n4||0|\n");
    EXPECT_EQ(now(), after());
}

TEST_F(Crash, between_our_file_and_the_originals_the_log_has_it_all)
{
    const std::string extra = read(ours("extra"));
    crash();
    write(ours("extra"), extra);
    EXPECT_EQ(now(), after());
    EXPECT_EQ(now(), after());
}

TEST_F(Crash, with_both_files_anew_the_log_is_of_the_past)
{
    replace(ours("log"), log);
    EXPECT_EQ(now(), after());
    keep({make_record("1")});
    EXPECT_THAT(now(), SizeIs(after().size() + 1));
}

TEST_F(Crash, a_batch_that_was_cut_short_never_was)
{
    const std::string whole = log;
    for (std::size_t size = 0; size < whole.size(); size += 5) {
        crash();
        write(ours("log"), whole.substr(0, size));
        EXPECT_EQ(now(), before()) << size;
    }
}

TEST_F(Crash, what_a_power_cut_leaves_as_zeros_never_was)
{
    crash();
    write(ours("log"), log + std::string(5000, '\0'));
    EXPECT_EQ(now(), after());
    crash();
    write(ours("log"), std::string(5000, '\0'));
    EXPECT_EQ(now(), before());
}

TEST_F(Crash, the_original_that_ran_before_us_knows_more)
{
    crash();
    replace(original(), head_2 + "2||0|\n9|S|0|\n");
    const auto found = now();
    EXPECT_THAT(found, ElementsAre(make_record("2"), make_record("9", {Flag::seen})));
    EXPECT_THAT(host.lines, ElementsAre(HasSubstr("written by another program")));
}

TEST_F(Crash, batches_after_it_are_added_to_what_is_left)
{
    crash();
    PlainStore store(host);
    auto folder = store.open("INBOX");
    put(*folder, {make_record("8")});
    EXPECT_EQ(folder->size(), 4u);
    folder.reset();
    EXPECT_EQ(now().size(), 4u);
}

TEST_F(StoreTest, a_log_that_outgrows_the_files_is_compacted_in_between)
{
    PlainStore store(host);
    auto folder = store.open("INBOX");
    std::vector<Record> records;
    for (int id = 1; id <= 20'000; ++id) {
        records.push_back(make_record(std::to_string(id)));
        records.back().keywords = {std::string(500, 'k')};
    }
    for (std::size_t at = 0; at < records.size(); at += 2000)
        folder->apply({.put = std::span(records).subspan(at, 2000), .erase = {}});
    EXPECT_GT(fs::file_size(original()), 20'000u);
    EXPECT_LT(fs::file_size(ours("log")), 8u << 20);
    EXPECT_EQ(all(*folder), records);
    folder.reset();
    EXPECT_EQ(now(), records);
}

TEST_F(StoreTest, without_room_for_new_files_the_log_keeps_all)
{
    keep({make_record("1")});
    fs::remove_all(host.directory / "LocalStatus-plain/new");
    write(host.directory / "LocalStatus-plain/new", "in the way");
    {
        PlainStore store(host);
        auto folder = std::unique_ptr<StatusFolder>();
        EXPECT_NO_THROW(folder = store.open("INBOX"));
        put(*folder, {make_record("2")});
    }
    EXPECT_THAT(host.lines, ElementsAre(HasSubstr("LocalStatus-plain/new/INBOX")));
    EXPECT_EQ(read(original()), head_2 + "1||0|\n");
    EXPECT_THAT(now(), ElementsAre(make_record("1"), make_record("2")));
}

}  // namespace
}  // namespace offlineimap::status_plain::test
