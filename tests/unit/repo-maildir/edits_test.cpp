// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <atomic>
#include <functional>

namespace offlineimap::maildir {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Edits : public MaildirTest {
protected:
    Edits() : inbox(create("INBOX")), other(create("Other")) { }

    fs::path in(const std::string& below) const { return root / "INBOX" / below; }
    Update flags(const std::string& id, Set<Flag> add, Set<Flag> drop) const
    {
        Update change;
        change.message = {inbox, {id}};
        change.add = add;
        change.drop = drop;
        return change;
    }
    Message message(const std::string& id) const
    {
        Message made;
        made.id.value = id;
        return made;
    }

    FolderIndex inbox, other;
};

TEST_F(Edits, of_flags_rename_the_file_and_keep_its_base)
{
    const std::string base = "user.base,S=12" + marked(4, "INBOX");
    put(in("new/" + base), "x");
    EXPECT_TRUE(update(flags("4", {Flag::answered}, {})).good());
    EXPECT_TRUE(fs::exists(in("new/" + base + ":2,R")));
    EXPECT_TRUE(update(flags("4", {Flag::seen}, {Flag::deleted})).good());
    EXPECT_TRUE(fs::exists(in("cur/" + base + ":2,RS")));
    EXPECT_TRUE(update(flags("4", {Flag::seen}, {})).good());
    EXPECT_TRUE(update(flags("4", {}, {Flag::seen, Flag::answered})).good());
    EXPECT_TRUE(fs::exists(in("new/" + base + ":2,")));
}

TEST_F(Edits, that_change_nothing_leave_the_file_where_it_is)
{
    put(in("cur/a" + marked(4, "INBOX") + ":2,R"), "x");
    EXPECT_TRUE(update(flags("4", {Flag::answered}, {Flag::seen})).good());
    EXPECT_TRUE(fs::exists(in("cur/a" + marked(4, "INBOX") + ":2,R")));
}

TEST_F(Edits, of_messages_that_are_gone_are_not_found)
{
    const auto outcome = update(flags("99", {Flag::seen}, {}));
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->code(), Errc::not_found);
    EXPECT_EQ(outcome.failure->scope(), Scope::message);
}

TEST_F(Edits, remove_for_good_and_twice)
{
    append(inbox, message("1"), "x");
    EXPECT_TRUE(remove({inbox, {"1"}}).good());
    EXPECT_TRUE(remove({inbox, {"1"}}).good());
    EXPECT_TRUE(remove({inbox, {".nobody"}}).good());
    EXPECT_THAT(ids(inbox), IsEmpty());
}

TEST_F(Edits, of_several_folders_are_reported_once_each)
{
    for (const FolderIndex folder : {inbox, other})
        for (const char* id : {"1", "2"})
            append(folder, message(id), "x");
    const std::vector<MessageRef> refs = {
        {inbox, {"1"}}, {other, {"1"}}, {other, {"2"}}, {77, {"1"}}, {inbox, {"2"}}};
    testkit::ResultCollector sink(refs.size());
    session->remove(refs, sink);
    for (std::size_t i = 0; i < refs.size(); ++i) {
        EXPECT_EQ(sink.outcomes[i].reports, 1);
        EXPECT_EQ(sink.outcomes[i].good(), i != 3) << i;
    }
    EXPECT_THAT(ids(inbox), IsEmpty());
    EXPECT_THAT(ids(other), IsEmpty());
}

TEST_F(Edits, give_ids_and_keep_the_readers_name)
{
    put(in("cur/reader.name:2,FS"), "x");
    put(in("new/plain"), "y");
    EXPECT_THAT(ids(inbox), ElementsAre(".plain", ".reader.name"));
    EXPECT_TRUE(assign({{inbox, {".reader.name"}}, {"31"}}).good());
    EXPECT_TRUE(assign({{inbox, {".plain"}}, {"30"}}).good());
    EXPECT_THAT(names(in("cur")), ElementsAre("reader.name" + marked(31, "INBOX") + ":2,FS"));
    EXPECT_THAT(names(in("new")), ElementsAre("plain" + marked(30, "INBOX")));
    EXPECT_EQ(fetch(inbox, "31").text, "x");
    EXPECT_EQ(fetch(inbox, "30").text, "y");
    EXPECT_TRUE(fetch(inbox, ".plain").failure);
    EXPECT_THAT(ids(inbox), ElementsAre("30", "31"));
}

TEST_F(Edits, give_ids_in_the_place_of_foreign_ones)
{
    put(in("cur/a" + marked(9, "Other") + ":2,S"), "x");
    EXPECT_TRUE(assign({{inbox, {".a" + marked(9, "Other")}}, {"5"}}).good());
    EXPECT_THAT(names(in("cur")), ElementsAre("a" + marked(5, "INBOX") + ":2,S"));
}

TEST_F(Edits, give_no_id_twice)
{
    put(in("cur/a" + marked(5, "INBOX") + ":2,S"), "x");
    put(in("cur/b:2,S"), "y");
    EXPECT_EQ(assign({{inbox, {".b"}}, {"5"}}).failure->code(), Errc::exists);
    EXPECT_EQ(assign({{inbox, {".b"}}, {"x"}}).failure->code(), Errc::rejected);
    EXPECT_EQ(assign({{inbox, {".c"}}, {"6"}}).failure->code(), Errc::not_found);
    EXPECT_TRUE(assign({{inbox, {"5"}}, {"5"}}).good());
    EXPECT_TRUE(assign({{inbox, {"5"}}, {"7"}}).good());
    EXPECT_THAT(ids(inbox), ElementsAre("7", ".b"));
}

TEST_F(Edits, give_ids_to_copies)
{
    put(in("cur/a" + marked(5, "INBOX") + ":2,S"), "one");
    put(in("new/a" + marked(5, "INBOX")), "two");
    wait_for_the_next_tick();
    const auto found = ids(inbox);
    ASSERT_THAT(found, ElementsAre("5", ".a" + marked(5, "INBOX")));
    EXPECT_TRUE(assign({{inbox, {found[1]}}, {"6"}}).good());
    wait_for_the_next_tick();
    EXPECT_THAT(ids(inbox), ElementsAre("5", "6"));
}

TEST_F(Edits, give_ids_to_names_that_are_too_long_for_them)
{
    const std::string longest(250, 'n');
    put(in("cur/" + longest + ":2,S"), "x");
    EXPECT_TRUE(assign({{inbox, {"." + longest}}, {"6"}}).good());
    EXPECT_THAT(ids(inbox), ElementsAre("6"));
    EXPECT_THAT(names(in("cur"))[0], testing::EndsWith(marked(6, "INBOX") + ":2,S"));
}

TEST_F(Edits, move_under_the_new_id)
{
    put(in("cur/a" + marked(5, "INBOX") + ":2,FS"), "x");
    const auto moved = move({{inbox, {"5"}}, other, {"8"}});
    EXPECT_TRUE(moved.good());
    EXPECT_EQ(moved.id.value, "8");
    EXPECT_THAT(names(root / "Other" / "cur"), ElementsAre("a" + marked(8, "Other") + ":2,FS"));
    EXPECT_THAT(ids(inbox), IsEmpty());
    EXPECT_THAT(ids(other), ElementsAre("8"));
    EXPECT_EQ(move({{inbox, {"5"}}, other, {"9"}}).failure->code(), Errc::not_found);
}

TEST_F(Edits, move_as_new_without_an_id)
{
    put(in("cur/a" + marked(5, "INBOX") + ":2,FS"), "x");
    put(root / "Other" / "cur" / "a:2,FS", "other");
    const auto moved = move({{inbox, {"5"}}, other, {}});
    EXPECT_TRUE(moved.good());
    EXPECT_EQ(fetch(other, moved.id.value).text, "x");
    EXPECT_EQ(fetch(other, ".a").text, "other");
}

TEST_F(Edits, move_to_no_id_that_is_taken)
{
    append(inbox, message("5"), "x");
    append(other, message("5"), "y");
    EXPECT_THAT(ids(other), SizeIs(1));
    EXPECT_EQ(move({{inbox, {"5"}}, other, {"5"}}).failure->code(), Errc::exists);
    EXPECT_EQ(move({{inbox, {"5"}}, 99, {"6"}}).failure->code(), Errc::not_found);
    EXPECT_EQ(fetch(inbox, "5").text, "x");
}

TEST_F(Edits, of_two_sessions_do_not_lose_each_others_messages)
{
    constexpr int count = 200;
    const auto work = [this](int first) {
        const auto own = repository->connect(cancel);
        testkit::StoreCollector sink(count);
        const auto appender = own->append(sink);
        for (int i = 0; i < count; ++i)
            testkit::store(
                *appender, static_cast<std::size_t>(i), inbox, message(std::to_string(first + i)),
                "text");
        appender->finish();
        std::vector<Update> updates;
        for (int i = 0; i < count; ++i)
            updates.push_back(flags(std::to_string(first + i), {Flag::seen}, {}));
        testkit::ResultCollector results(updates.size());
        own->update(updates, results);
        for (const auto& outcome : results.outcomes)
            EXPECT_TRUE(outcome.good());
    };
    std::thread one(work, 1);
    std::thread two(work, 1001);
    one.join();
    two.join();
    const auto found = changes({inbox, {}, {}, {}}).changed;
    EXPECT_THAT(found, SizeIs(2 * count));
    for (const auto& [id, entry] : found)
        EXPECT_TRUE(entry.flags.has(Flag::seen)) << id.value;
}

/// Does something at its n-th question, which is asked before each piece of a directory.
class Meanwhile final : public Cancel {
public:
    Meanwhile(int turn, std::function<void()> action) : turn_(turn), action_(std::move(action)) { }
    bool requested() const noexcept override
    {
        if (--turn_ == 0) action_();
        return false;
    }
    int fd() const noexcept override { return -1; }

private:
    mutable int turn_;
    std::function<void()> action_;
};

/// Does something at every question.
class Always final : public Cancel {
public:
    explicit Always(std::function<void()> action) : action_(std::move(action)) { }
    bool requested() const noexcept override
    {
        action_();
        return false;
    }
    int fd() const noexcept override { return -1; }

private:
    std::function<void()> action_;
};

TEST_F(Edits, between_the_directories_of_a_listing_hide_no_message)
{
    const std::string base = "m" + marked(1, "INBOX");
    put(in("cur/" + base + ":2,S"), "x");
    wait_for_the_next_tick();
    int moved = 0;
    for (int turn = 1; turn < 10; ++turn) {
        const Meanwhile reader(turn, [&] {
            const bool to_new = fs::exists(in("cur/" + base + ":2,S"));
            const auto cur = in("cur/" + base + ":2,S");
            const auto fresh = in("new/" + base + ":2,");
            fs::rename(to_new ? cur : fresh, to_new ? fresh : cur);
            ++moved;
        });
        const auto own = repository->connect(reader);
        testkit::ChangeCollector sink;
        const ChangeRequest request {inbox, {}, {}, {}};
        own->changes({&request, 1}, sink);
        EXPECT_THAT(sink.of(inbox).changed, SizeIs(1)) << turn;
        if (fs::exists(in("new/" + base + ":2,")))
            fs::rename(in("new/" + base + ":2,"), in("cur/" + base + ":2,S"));
        wait_for_the_next_tick();
    }
    EXPECT_GE(moved, 5);
}

TEST_F(Edits, of_a_message_that_is_never_found_are_not_taken_for_done)
{
    const std::string base = "m" + marked(1, "INBOX");
    put(in("cur/" + base + ":2,S"), "x");
    int renamed = 0;
    const auto rename = [&] {
        const auto now = in("cur/" + base + (renamed % 2 == 0 ? ":2,S" : ":2,FS"));
        fs::rename(now, in("cur/" + base + (++renamed % 2 == 0 ? ":2,S" : ":2,FS")));
    };
    const Always reader(rename);
    const auto own = repository->connect(reader);
    const MessageRef message {inbox, {"1"}};
    testkit::ResultCollector results(1);
    own->remove({&message, 1}, results);
    EXPECT_GT(renamed, 8);
    ASSERT_TRUE(results.outcomes[0].failure);
    EXPECT_EQ(results.outcomes[0].failure->code(), Errc::io);
    EXPECT_THAT(ids(inbox), SizeIs(1));
}

TEST_F(Edits, by_a_mail_reader_during_a_listing_hide_no_message)
{
    constexpr int count = 50;
    for (int i = 1; i <= count; ++i)
        put(in("cur/m" + marked(i, "INBOX") + ":2,S"), "x");
    std::atomic<bool> stop = false;
    std::thread reader([&] {
        for (int turn = 0; !stop; ++turn)
            for (int i = 1; i <= count && !stop; ++i) {
                const std::string base = "m" + marked(i, "INBOX");
                const std::string seen = in("cur/" + base + ":2,S");
                const std::string unseen = in("new/" + base + ":2,");
                fs::rename(turn % 2 == 0 ? seen : unseen, turn % 2 == 0 ? unseen : seen);
            }
    });
    for (int i = 0; i < 100; ++i)
        EXPECT_THAT(ids(inbox), SizeIs(count));
    stop = true;
    reader.join();
}

class Keywords : public MaildirTest {
protected:
    Keywords() { open({{"dovecot-keywords", "yes"}, {"customflag_b", "Mine"}}); }

    std::vector<std::string> keywords(FolderIndex folder, const std::string& id)
    {
        return changes({folder, {}, {}, {}}).changed.at({id}).keywords;
    }
    MessageId add(FolderIndex folder, const std::string& id, std::vector<std::string> names)
    {
        Message message;
        message.id.value = id;
        message.keywords = std::move(names);
        return append(folder, message, "a: b\r\n\r\n").id;
    }
};

TEST_F(Keywords, are_explained_in_a_file_of_the_folder_as_dovecot_does)
{
    const auto folder = create("A");
    add(folder, "1", {"$label1", "Mine", "Work"});
    EXPECT_EQ(read(root / "A/dovecot-keywords"), "0 $label1\n2 Work\n");
    EXPECT_THAT(names(root / "A/new"), testing::ElementsAre(testing::EndsWith(":2,abc")));
    EXPECT_THAT(keywords(folder, "1"), testing::ElementsAre("$label1", "Mine", "Work"));
    put(root / "A/dovecot-keywords", "0 $label1\n2 Work\n25 Other\nx\n26 none\n3\n");
    Update change;
    change.message = {folder, {"1"}};
    change.add_keywords = {"other", "New"};
    change.drop_keywords = {"work"};
    EXPECT_TRUE(update(change).good());
    EXPECT_EQ(read(root / "A/dovecot-keywords"), "0 $label1\n2 Work\n3 New\n25 Other\n");
    EXPECT_THAT(keywords(folder, "1"), testing::ElementsAre("$label1", "Mine", "New", "Other"));
}

TEST_F(Keywords, change_their_letters_with_the_folder)
{
    const auto from = create("A"), to = create("B");
    add(to, "1", {"Other"});
    add(from, "2", {"Work"});
    EXPECT_TRUE(move({{from, {"2"}}, to, {"2"}}).good());
    EXPECT_THAT(keywords(to, "2"), testing::ElementsAre("Work"));
    EXPECT_EQ(read(root / "B/dovecot-keywords"), "0 Other\n2 Work\n");
}

TEST_F(Keywords, that_the_file_gives_another_name_are_news)
{
    const auto folder = create("A");
    add(folder, "1", {"Work"});
    wait_for_the_next_tick();
    const auto token = changes({folder, {}, {}, {}}).token;
    put(root / "A/dovecot-keywords", "0 Renamed\n");
    const auto now = changes({folder, "42", token, {}});
    EXPECT_THAT(now.changed.at({"1"}).keywords, testing::ElementsAre("Renamed"));
}

TEST_F(Keywords, without_a_free_letter_are_left_out_and_the_folder_says_so)
{
    const auto folder = create("A");
    std::string all;
    for (int i = 0; i < 26; ++i)
        all += std::to_string(i) + " k" + std::to_string(i) + "\n";
    put(root / "A/dovecot-keywords", all);
    add(folder, "1", {"k3", "more"});
    EXPECT_FALSE(changes({folder, {}, {}, {}}).state.any_keyword);
    EXPECT_THAT(keywords(folder, "1"), testing::ElementsAre("k3"));
    EXPECT_EQ(read(root / "A/dovecot-keywords"), all);
    EXPECT_FALSE(std::filesystem::exists(root / "A/dovecot-keywords.lock"));
}

TEST_F(Keywords, forwarded_is_one_flag_under_two_letters)
{
    const auto folder = create("A");
    Message message;
    message.id.value = "1";
    message.flags = {Flag::forwarded};
    append(folder, message, "a: b\r\n\r\n");
    EXPECT_THAT(names(root / "A/new"), testing::ElementsAre(testing::EndsWith(":2,Pa")));
    EXPECT_EQ(read(root / "A/dovecot-keywords"), "0 $Forwarded\n");
    EXPECT_THAT(keywords(folder, "1"), testing::IsEmpty());
    Update change;
    change.message = {folder, {"1"}};
    change.drop = {Flag::forwarded};
    EXPECT_TRUE(update(change).good());
    EXPECT_THAT(names(root / "A/new"), testing::ElementsAre(testing::EndsWith(":2,")));
    put(root / "A/new/9.x.host:2,a", "a: b\n\n");
    const auto seen = changes({folder, {}, {}, {}});
    EXPECT_TRUE(std::ranges::any_of(seen.changed, [](const auto& one) {
        return one.second.flags.has(Flag::forwarded) && one.second.keywords.empty();
    }));
}

}  // namespace
}  // namespace offlineimap::maildir
