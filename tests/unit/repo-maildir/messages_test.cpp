// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

const std::string inbox_md5 = "7e33429f656f1e6e9d79b29c3f82c57e";

class Messages : public MaildirTest {
protected:
    Messages() : inbox(create("INBOX")) { }

    fs::path in(const std::string& below) const { return root / "INBOX" / below; }
    static Message with_id(const std::string& id, Set<Flag> flags = {})
    {
        Message message;
        message.id.value = id;
        message.flags = flags;
        return message;
    }

    FolderIndex inbox;
};

// ------------------------------------------------------------------------ listing

TEST_F(Messages, are_reported_by_their_names)
{
    put(in("cur/a" + marked(7, "INBOX") + ":2,FSq"), "x");
    put(in("new/b"), "x");
    put(in("new/.hidden"), "x");
    fs::create_directory(in("cur/directory"));
    const auto found = changes({inbox, {}, {}, {}});
    EXPECT_EQ(found.coverage, Coverage::snapshot);
    EXPECT_EQ(found.state.epoch, "42");
    EXPECT_TRUE(found.state.writable);
    ASSERT_THAT(found.changed, SizeIs(2));
    EXPECT_EQ(found.changed.at({"7"}).flags, (Set {Flag::flagged, Flag::seen}));
    EXPECT_EQ(found.changed.at({".b"}).flags, Set<Flag>());
}

TEST_F(Messages, carried_here_from_another_folder_say_where_from)
{
    const FolderIndex other = create("Other");
    put(in("cur/a" + marked(9, "Other") + ":2,S"), "x");
    put(in("cur/b" + marked(9, "Nobody") + ":2,S"), "x");
    const auto found = changes({inbox, {}, {}, {}});
    const auto& carried = found.changed.at({".a" + marked(9, "Other")});
    EXPECT_EQ(carried.origin, (MessageRef {other, {"9"}}));
    EXPECT_EQ(found.changed.at({".b" + marked(9, "Nobody")}).origin, std::nullopt);
}

TEST_F(Messages, have_keywords_where_letters_are_named)
{
    open({{"customflag_a", "$Work"}, {"customflag_b", "$Todo"}});
    inbox = create("INBOX");
    put(in("cur/x" + marked(1, "INBOX") + ":2,Sabz"), "x");
    const auto found = changes({inbox, {}, {}, {}});
    EXPECT_THAT(found.changed.at({"1"}).keywords, ElementsAre("$Todo", "$Work"));
    EXPECT_THAT(found.state.storable_keywords, ElementsAre("$Todo", "$Work"));
    EXPECT_FALSE(found.state.any_keyword);
    Update update {{inbox, {"1"}}, {}, {}, {}, {"$Work"}, {}, {}};
    EXPECT_TRUE(update.add.empty());
    EXPECT_TRUE(MaildirTest::update(update).good());
    EXPECT_TRUE(fs::exists(in("cur/x" + marked(1, "INBOX") + ":2,Sbz")));
}

TEST_F(Messages, outside_the_window_are_not_reported)
{
    put(in("cur/a" + marked(5, "INBOX")), "12345\n1234\n");
    put(in("cur/b" + marked(50, "INBOX")), "x");
    put(in("new/c"), "x");
    fs::last_write_time(in("new/c"), fs::file_time_type::clock::now() - 1000h);
    const auto within = [this](const Window& window) {
        std::vector<std::string> found;
        for (const auto& [id, message] : changes({inbox, {}, {}, window}).changed)
            found.push_back(id.value);
        return found;
    };
    const auto yesterday =
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now() - 24h);
    EXPECT_THAT(within({{}, {}, "9"}), ElementsAre(".c", "50"));
    EXPECT_THAT(within({yesterday, {}, {}}), ElementsAre("5", "50"));
    EXPECT_THAT(within({yesterday, {}, "9"}), ElementsAre("50"));
    EXPECT_THAT(within({{}, 13, {}}), ElementsAre(".c", "50")) << "13 bytes on the wire";
    EXPECT_THAT(within({{}, 14, {}}), ElementsAre("5", ".c", "50"));
    EXPECT_THAT(within({{}, 11, {}}), ElementsAre(".c", "50"));
}

// ------------------------------------------------------------------------ reading

TEST_F(Messages, are_read_with_wire_line_ends_and_exact_size)
{
    for (const auto& [disk, wire] : std::vector<std::pair<std::string, std::string>> {
             {"", ""},
             {"x", "x"},
             {"A: b\n\nc\n", "A: b\r\n\r\nc\r\n"},
             {"A: b\r\n\r\nc\n", "A: b\r\n\r\nc\r\n"},
             {"\0\xff\r\n\n"s, "\0\xff\r\n\r\n"s}}) {
        put(in("new/x"), disk);
        const auto text = fetch(inbox, ".x");
        EXPECT_EQ(text.text, wire);
        EXPECT_EQ(text.message.size, wire.size());
        EXPECT_EQ(text.message.id.value, ".x");
        EXPECT_TRUE(text.message.received);
    }
}

TEST_F(Messages, larger_than_the_buffer_are_read_in_pieces)
{
    std::string disk = "Subject: large\n\n";
    while (disk.size() < 1'500'000)
        disk.append(disk.size() % 97, 'x').append("\n\r\n");
    std::string wire;
    for (std::size_t i = 0; i < disk.size(); ++i) {
        if (disk[i] == '\n' && (i == 0 || disk[i - 1] != '\r')) wire.push_back('\r');
        wire.push_back(disk[i]);
    }
    put(in("cur/x:2,S"), disk);
    EXPECT_EQ(fetch(inbox, ".x").text, wire);
    EXPECT_TRUE(append(inbox, with_id("3"), wire).good());
    const auto stored = names(in("new"));
    ASSERT_THAT(stored, SizeIs(1));
    EXPECT_EQ(fetch(inbox, "3").text, wire);
}

TEST_F(Messages, give_their_header_alone)
{
    const std::string body(600'000, 'b');
    const std::string header = "A: " + std::string(300'000, 'h') + "\n";
    const std::size_t size = 300'005 + 2;
    struct Case {
        std::string disk;
        std::uint64_t header, whole;
    };
    for (const Case& c : std::vector<Case> {
             {"A: b\n\nbody\n", 8, 14},
             {"A: b\r\n\r\nbody", 8, 12},
             {"\nbody", 2, 6},
             {"A: b\n", 6, 6},
             {"", 0, 0},
             {"A: \r\r\n\n\n", 8, 10},
             {header + "\n" + body, size, size + 600'000}}) {
        put(in("new/x"), c.disk);
        const auto text = fetch(inbox, ".x", Part::header);
        EXPECT_EQ(text.announced, c.header);
        EXPECT_EQ(text.message.size, c.whole);
        const auto facts = fetch(inbox, ".x", Part::facts);
        EXPECT_EQ(facts.announced, 0U);
        EXPECT_EQ(facts.message.size, c.whole);
    }
}

TEST_F(Messages, may_be_refused_in_the_middle)
{
    put(in("new/a"), std::string(900'000, 'a'));
    put(in("new/b"), "b");
    const std::vector<MessageRef> refs = {{inbox, {".a"}}, {inbox, {".b"}}};
    testkit::TextCollector sink(2, 10);
    session->fetch(refs, Part::whole, sink);
    EXPECT_THAT(sink.faults, IsEmpty());
    EXPECT_LT(sink.texts[0].text.size(), 900'000U);
    EXPECT_EQ(sink.texts[1].text, "b");
}

TEST_F(Messages, that_are_gone_are_not_found)
{
    const auto text = fetch(inbox, "12");
    ASSERT_TRUE(text.failure);
    EXPECT_EQ(text.failure->code(), Errc::not_found);
    EXPECT_EQ(text.failure->scope(), Scope::message);
    EXPECT_TRUE(fetch(inbox, "../../secret").failure);
    EXPECT_TRUE(fetch(inbox, "./../secret").failure);
}

TEST_F(Messages, that_are_no_files_are_refused_and_not_waited_for)
{
    ASSERT_EQ(::mkfifo(in("new/pipe").c_str(), 0600), 0);
    fs::create_symlink(in("new/pipe"), in("new/link"));
    EXPECT_THAT(ids(inbox), ElementsAre(".link"));
    EXPECT_EQ(fetch(inbox, ".link").failure->code(), Errc::rejected);
}

TEST_F(Messages, that_a_mail_reader_renamed_are_found_again)
{
    put(in("new/a" + marked(1, "INBOX") + ":2,"), "text");
    EXPECT_THAT(ids(inbox), ElementsAre("1"));
    fs::rename(in("new/a" + marked(1, "INBOX") + ":2,"), in("cur/a" + marked(1, "INBOX") + ":2,R"));
    EXPECT_EQ(fetch(inbox, "1").text, "text");
    fs::rename(
        in("cur/a" + marked(1, "INBOX") + ":2,R"), in("cur/a" + marked(1, "INBOX") + ":2,RS"));
    Update change;
    change.message = {inbox, {"1"}};
    change.add = {Flag::flagged};
    EXPECT_TRUE(update(change).good());
    EXPECT_THAT(names(in("cur")), ElementsAre("a" + marked(1, "INBOX") + ":2,FRS"));
    fs::rename(
        in("cur/a" + marked(1, "INBOX") + ":2,FRS"), in("cur/a" + marked(1, "INBOX") + ":2,S"));
    EXPECT_TRUE(remove({inbox, {"1"}}).good());
    EXPECT_THAT(names(in("cur")), IsEmpty());
}

// ------------------------------------------------------------------------ storing

TEST_F(Messages, are_stored_under_the_originals_names)
{
    Message seen = with_id("17", {Flag::seen, Flag::flagged});
    EXPECT_EQ(append(inbox, seen, "a\r\nb\r\n").id.value, "17");
    EXPECT_EQ(append(inbox, with_id("18"), "c").id.value, "18");
    const auto cur = names(in("cur"));
    ASSERT_THAT(cur, SizeIs(1));
    EXPECT_THAT(
        cur[0], MatchesRegex("[0-9]+_[0-9]+\\.[0-9]+\\.[^,]+,U=17,FMD5=" + inbox_md5 + ":2,FS"));
    EXPECT_EQ(read(in("cur/" + cur[0])), "a\nb\n");
    EXPECT_EQ(fs::status(in("cur/" + cur[0])).permissions(), fs::perms(0600));
    const auto fresh = names(in("new"));
    ASSERT_THAT(fresh, SizeIs(1));
    EXPECT_THAT(fresh[0], testing::EndsWith(",U=18,FMD5=" + inbox_md5 + ":2,"));
    EXPECT_THAT(names(in("tmp")), IsEmpty());
    EXPECT_THAT(ids(inbox), ElementsAre("17", "18"));
}

TEST_F(Messages, are_stored_in_pieces_of_one_byte)
{
    const std::string text = "A: b\r\n\r\r\n\rx\r";
    EXPECT_TRUE(append(inbox, with_id("1"), text, 1).good());
    EXPECT_EQ(read(in("new/" + names(in("new"))[0])), "A: b\n\r\n\rx\r");
}

TEST_F(Messages, without_an_id_are_new_and_their_id_is_told)
{
    const auto stored = append(inbox, {}, "x");
    EXPECT_TRUE(stored.good());
    EXPECT_THAT(ids(inbox), ElementsAre(stored.id.value));
    EXPECT_EQ(fetch(inbox, stored.id.value).text, "x");
}

TEST_F(Messages, keep_the_date_they_were_received)
{
    Message message = with_id("1");
    message.received = std::chrono::sys_days {std::chrono::year {2001} / 2 / 3} + 4h;
    append(inbox, message, "x");
    EXPECT_EQ(fetch(inbox, "1").message.received, message.received);
}

TEST_F(Messages, take_their_dates_from_the_header_where_wanted)
{
    open({{"utime_from_header", "yes"}, {"filename_use_mail_timestamp", "yes"}});
    inbox = create("INBOX");
    append(inbox, with_id("1"), "Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n\r\n");
    append(inbox, with_id("2"), "Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n\r\n");
    append(inbox, with_id("3"), "Date: nonsense\r\n\r\n");
    const auto stored = names(in("new"));
    ASSERT_THAT(stored, SizeIs(3));
    EXPECT_THAT(stored[1], testing::StartsWith("880127706_0."));
    EXPECT_THAT(stored[2], testing::StartsWith("880127706_1."));
    struct stat facts = {};
    ASSERT_EQ(::stat(in("new/" + stored[1]).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_atim.tv_sec, 880127706);
    EXPECT_EQ(fetch(inbox, "1").message.received->time_since_epoch().count(), 880127706);
}

TEST_F(Messages, are_named_for_windows_where_wanted)
{
    open({{"maildir-windows-compatible", "yes"}});
    inbox = create("INBOX");
    append(inbox, with_id("1", {Flag::seen}), "x");
    EXPECT_THAT(names(in("cur"))[0], testing::EndsWith("!2,S"));
    Update change;
    change.message = {inbox, {"1"}};
    change.add = {Flag::answered};
    EXPECT_TRUE(update(change).good());
    EXPECT_THAT(names(in("cur"))[0], testing::EndsWith("!2,RS"));
}

TEST_F(Messages, of_many_folders_are_flushed_and_stored)
{
    open({{"fsync", "yes"}});
    std::vector<FolderIndex> folders;
    for (int i = 0; i < 12; ++i)
        folders.push_back(create("f" + std::to_string(i)));
    testkit::StoreCollector sink(36);
    const auto appender = session->append(sink);
    for (std::size_t i = 0; i < 36; ++i)
        testkit::store(
            *appender, i, folders[i % folders.size()], with_id(std::to_string(i + 1)), "text");
    appender->finish();
    for (const auto& outcome : sink.outcomes)
        EXPECT_TRUE(outcome.good());
    for (const FolderIndex folder : folders)
        EXPECT_THAT(ids(folder), SizeIs(3));
}

TEST_F(Messages, nothing_is_visible_before_the_group_is_complete)
{
    testkit::StoreCollector sink(2);
    {
        const auto appender = session->append(sink);
        testkit::store(*appender, 0, inbox, with_id("1"), "text");
        EXPECT_THAT(ids(inbox), IsEmpty());
        EXPECT_THAT(names(in("tmp")), SizeIs(1));
        EXPECT_EQ(sink.outcomes[0].reports, 0);
    }
    EXPECT_THAT(names(in("tmp")), IsEmpty());
}

TEST_F(Messages, that_are_abandoned_leave_nothing)
{
    testkit::StoreCollector sink(3);
    const auto appender = session->append(sink);
    const std::string large(1'000'000, 'x');
    appender->begin(0, inbox, with_id("1"), large.size() + 1);
    appender->write(testkit::bytes_of(large));
    EXPECT_THAT(names(in("tmp")), SizeIs(1));
    appender->abandon();
    EXPECT_THAT(names(in("tmp")), IsEmpty());
    appender->begin(1, inbox, with_id("2"), 10);
    appender->write(testkit::bytes_of("short"));
    EXPECT_THROW(appender->end(), Error);
    testkit::store(*appender, 2, inbox, with_id("3"), "good");
    appender->finish();
    EXPECT_THAT(ids(inbox), ElementsAre("3"));
    EXPECT_EQ(sink.outcomes[0].reports, 0);
    EXPECT_TRUE(sink.outcomes[2].good());
}

TEST_F(Messages, with_an_id_that_is_taken_or_no_number_are_refused)
{
    EXPECT_TRUE(append(inbox, with_id("1"), "first").good());
    EXPECT_THAT(ids(inbox), ElementsAre("1"));
    for (const char* id : {"1", "x", "007", "../x"})
        try {
            append(inbox, with_id(id), "second");
            FAIL() << id;
        } catch (const Error& error) {
            EXPECT_EQ(error.scope(), Scope::message);
        }
    EXPECT_EQ(fetch(inbox, "1").text, "first");
}

TEST_F(Messages, never_replace_a_file)
{
    put(in("cur/a" + marked(1, "INBOX") + ":2,S"), "one");
    put(in("new/a" + marked(1, "INBOX") + ":2,"), "two");
    wait_for_the_next_tick();
    EXPECT_THAT(ids(inbox), SizeIs(2));
    Update change;
    change.message = {inbox, {"1"}};
    change.add = {Flag::seen};
    EXPECT_TRUE(update(change).good());
    EXPECT_THAT(names(in("cur")), SizeIs(2));
    wait_for_the_next_tick();
    EXPECT_THAT(ids(inbox), SizeIs(2));
}

TEST_F(Messages, that_find_no_room_stop_their_folder_and_leave_nothing)
{
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before = {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = 100'000;
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const std::string large(300'000, 'x');
    testkit::StoreCollector sink(2);
    const auto appender = session->append(sink);
    EXPECT_THROW(testkit::store(*appender, 0, inbox, with_id("1"), large), Error);
    testkit::store(*appender, 1, inbox, with_id("2"), "small");
    appender->finish();
    ::setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_TRUE(sink.outcomes[1].good());
    EXPECT_THAT(names(in("tmp")), IsEmpty());
    EXPECT_THAT(ids(inbox), ElementsAre("2"));
}

TEST_F(Messages, of_a_folder_that_is_gone_fail)
{
    fs::remove_all(root / "INBOX");
    EXPECT_THROW(append(inbox, with_id("1"), "x"), Error);
    EXPECT_FALSE(fs::exists(root / "INBOX"));
    EXPECT_FALSE(remove({inbox, {"1"}}).good());
}

}  // namespace
}  // namespace offlineimap::maildir
