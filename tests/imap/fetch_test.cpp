// SPDX-License-Identifier: Apache-2.0
#include "server_kit.hpp"

#include <thread>

namespace offlineimap::imap::test {

using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

std::string numbered(int i)
{
    return "Subject: " + std::to_string(i) + "\r\n\r\n"
        + std::string(static_cast<std::size_t>(i) % 97, 'x') + "\r\n";
}

}  // namespace

TEST(Fetch, brings_texts_as_they_are)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    const std::vector<std::string> texts {
        "a: b\r\n\r\nplain\r\n", "a: caf\xc3\xa9 \xff\r\n\r\n\x80\x81 8 bit",
        "a: b\r\n\r\nbare\rCR",  "\r\n\r\n",
        "no header at all",      "a: b\r\n\r\n)\r\nA1 OK x\r\n* 1 FETCH (UID 9)\r\n"};
    const auto ids = bench.append(inbox, texts);
    std::vector<MessageRef> refs;
    for (const auto& id : ids)
        refs.push_back(ref(inbox, id));
    SeenTexts seen;
    bench.session->fetch(refs, Part::whole, seen);
    EXPECT_THAT(seen.failures, IsEmpty());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        EXPECT_EQ(seen.texts[i].text, texts[i]) << i;
        EXPECT_EQ(seen.texts[i].size, texts[i].size());
        EXPECT_EQ(seen.texts[i].message.size, texts[i].size());
        EXPECT_EQ(seen.texts[i].message.id.value, ids[i]);
        EXPECT_TRUE(seen.texts[i].message.received);
        EXPECT_TRUE(seen.texts[i].ended);
    }
}

TEST(Fetch, brings_the_header_or_the_facts_alone)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: b\r\n\r\nbody\r\n"});
    const auto message = ref(inbox, "1");
    SeenTexts header, facts;
    bench.session->fetch(std::span(&message, 1), Part::header, header);
    EXPECT_EQ(header.texts[0].text, "a: b\r\n\r\n");
    EXPECT_EQ(header.texts[0].size, 8U);
    EXPECT_EQ(header.texts[0].message.size, 14U);
    bench.session->fetch(std::span(&message, 1), Part::facts, facts);
    EXPECT_EQ(facts.texts[0].text, "");
    EXPECT_EQ(facts.texts[0].message.size, 14U);
    EXPECT_TRUE(facts.texts[0].ended);
}

TEST(Fetch, says_which_messages_are_gone)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: 1\r\n\r\n", "a: 2\r\n\r\n"});
    const std::vector<MessageRef> refs {ref(inbox, "7"), ref(inbox, "2"), ref(inbox, "x")};
    SeenTexts seen;
    bench.session->fetch(refs, Part::whole, seen);
    EXPECT_EQ(seen.texts[1].text, "a: 2\r\n\r\n");
    ASSERT_THAT(seen.failures, SizeIs(2));
    for (const auto& [index, why] : seen.failures) {
        EXPECT_EQ(why.code(), Errc::not_found) << index;
        EXPECT_EQ(why.scope(), Scope::message);
    }
}

TEST(Fetch, stops_a_text_that_is_not_wanted_further)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    const std::string large(3'000'000, 'x');
    bench.append(inbox, {"a: 1\r\n\r\n" + large, "a: 2\r\n\r\n"});
    SeenTexts seen;
    seen.enough = 10;
    bench.session->fetch(std::vector {ref(inbox, "1"), ref(inbox, "2")}, Part::whole, seen);
    EXPECT_LT(seen.texts[0].text.size(), 1'000'000U);
    EXPECT_TRUE(seen.texts[0].ended);
    EXPECT_EQ(seen.texts[1].text, "a: 2\r\n\r\n");
}

TEST(Fetch, of_many_folders_takes_one_turn)
{
    Bench bench;
    std::vector<MessageRef> refs;
    for (int i = 0; i < 20; ++i) {
        const auto folder = bench.session->create_folder({"f" + std::to_string(i)});
        std::vector<std::string> texts;
        for (int k = 0; k < 20; ++k)
            texts.push_back(numbered(i * 20 + k));
        auto ids = bench.append(folder.index, texts);
        std::reverse(ids.begin(), ids.end());
        for (const auto& id : ids)
            refs.push_back(ref(folder.index, id));
    }
    bench.turns.count = 0;
    SeenTexts seen;
    bench.session->fetch(refs, Part::whole, seen);
    EXPECT_EQ(bench.turns.count, 1U);
    EXPECT_THAT(seen.failures, IsEmpty());
    ASSERT_THAT(seen.texts, SizeIs(400));
    for (std::size_t i = 0; i < refs.size(); ++i) {
        const auto number = static_cast<int>(i / 20 * 20 + 19 - i % 20);
        EXPECT_EQ(seen.texts[i].text, numbered(number)) << i;
    }
}

TEST(Fetch, of_many_sets_brings_each_message_once)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    std::vector<std::string> texts;
    for (int i = 0; i < 1200; ++i)
        texts.push_back(numbered(i));
    const auto ids = bench.append(inbox, texts);
    std::vector<MessageRef> refs;
    for (auto id = ids.rbegin(); id != ids.rend(); ++id)
        refs.push_back(ref(inbox, *id));
    SeenTexts seen;
    bench.session->fetch(refs, Part::whole, seen);
    ASSERT_THAT(seen.texts, SizeIs(1200));
    for (std::size_t i = 0; i < refs.size(); ++i)
        EXPECT_EQ(seen.texts[i].text, texts[texts.size() - 1 - i]) << i;
}

TEST(Fetch, fails_the_messages_of_a_folder_that_is_gone_and_goes_on)
{
    Bench bench;
    std::vector<MessageRef> refs;
    for (const auto* name : {"a", "b", "c"}) {
        const auto folder = bench.session->create_folder({name});
        const auto ids = bench.append(folder.index, std::vector<std::string>(10, "a: b\r\n\r\n"));
        // Many sets of one folder, as alternating folders make them.
        for (const auto& id : ids)
            refs.push_back(ref(folder.index, id));
    }
    (void)bench.session->folders();
    bench.connect()->delete_folder({"b"});
    SeenTexts seen;
    bench.session->fetch(refs, Part::whole, seen);
    EXPECT_THAT(seen.texts, SizeIs(20));
    ASSERT_THAT(seen.failures, SizeIs(10));
    for (const auto& [index, why] : seen.failures)
        EXPECT_EQ(why.scope(), Scope::folder) << why.what();
}

TEST(Fetch, does_not_take_messages_of_another_epoch)
{
    Bench bench;
    const auto made = bench.session->create_folder({"a"});
    bench.append(made.index, {"a: old\r\n\r\n"});
    const auto other = bench.connect();
    other->delete_folder({"a"});
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // UIDVALIDITY is a time
    other->create_folder({"a"});
    // create_folder() told the new epoch to the core; the old one is what these ids belong to.
    bench.table.set_epoch(made.index, made.epoch);
    bench.append(made.index, {"a: new\r\n\r\n"});
    const auto message = ref(made.index, "1");
    SeenTexts seen;
    bench.session->fetch(std::span(&message, 1), Part::whole, seen);
    EXPECT_THAT(seen.texts, IsEmpty());
    ASSERT_THAT(seen.failures, SizeIs(1));
    EXPECT_EQ(seen.failures.at(0).code(), Errc::epoch_changed);
}

}  // namespace offlineimap::imap::test
