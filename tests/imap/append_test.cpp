// SPDX-License-Identifier: Apache-2.0
#include "server_kit.hpp"

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

std::string text_of(Bench& bench, FolderIndex folder, const std::string& id)
{
    const auto message = ref(folder, id);
    SeenTexts seen;
    bench.session->fetch(std::span(&message, 1), Part::whole, seen);
    return seen.texts[0].text;
}

}  // namespace

class AppendTest : public ::testing::TestWithParam<std::string> { };

INSTANTIATE_TEST_SUITE_P(
    Without, AppendTest,
    ::testing::Values(
        "", "LITERAL+", "LITERAL+ BINARY", "LITERAL+ UIDPLUS", "MULTIAPPEND",
        "MULTIAPPEND LITERAL+"));

TEST_P(AppendTest, stores_text_flags_and_date)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    SeenStores stores;
    const std::string text = "a: b\r\n\r\n\xff body\r\n";
    Message message;
    message.flags = {Flag::seen, Flag::forwarded};
    message.keywords = {"work"};
    message.received = std::chrono::sys_seconds {std::chrono::seconds {837596665}};
    const auto appender = bench.session->append(stores);
    appender->begin(5, inbox, message, text.size());
    appender->write(std::as_bytes(std::span(text)).first(4));
    appender->write(std::as_bytes(std::span(text)).subspan(4));
    appender->end();
    appender->finish();
    // Dovecot tells the id even where it does not announce UIDPLUS.
    EXPECT_THAT(stores.ids, ElementsAre(::testing::Pair(5, "1")));
    EXPECT_EQ(bench.messages(inbox).at({"1"}), "1:\\Seen $Forwarded work");
    SeenTexts seen;
    const auto stored = ref(inbox, "1");
    bench.session->fetch(std::span(&stored, 1), Part::whole, seen);
    EXPECT_EQ(seen.texts[0].text, text);
    EXPECT_EQ(seen.texts[0].message.received, message.received);
}

TEST_P(AppendTest, takes_small_and_large_by_turns)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    std::vector<std::string> texts;
    for (const std::size_t size : {10U, 300'000U, 20U, 262'144U, 262'145U, 0U, 1'000'000U, 5U})
        texts.push_back("a: b\r\n\r\n" + std::string(size, static_cast<char>('a' + texts.size())));
    bench.append(inbox, texts);
    for (std::size_t i = 0; i < texts.size(); ++i)
        EXPECT_TRUE(text_of(bench, inbox, std::to_string(i + 1)) == texts[i]) << i;
}

TEST_P(AppendTest, reports_a_folder_that_is_not_there)
{
    Bench bench(GetParam());
    const auto made = bench.session->create_folder({"a"});
    const auto inbox = bench.folder("INBOX").index;
    bench.connect()->delete_folder({"a"});
    SeenStores stores;
    const auto appender = bench.session->append(stores);
    const std::string small = "a: b\r\n\r\n", large(400'000, 'x');
    std::size_t index = 0;
    for (const auto* text : {&small, &large}) {
        for (const auto folder : {made.index, inbox}) {
            appender->begin(index++, folder, {}, text->size());
            appender->write(std::as_bytes(std::span(*text)));
            appender->end();
        }
    }
    appender->finish();
    EXPECT_THAT(stores.ids, SizeIs(2));
    ASSERT_THAT(stores.failures, SizeIs(2));
    EXPECT_EQ(stores.failures.at(0).code(), Errc::not_found) << stores.failures.at(0).what();
    EXPECT_EQ(stores.failures.at(2).code(), Errc::not_found);
    EXPECT_THAT(bench.messages(inbox), SizeIs(2));
}

TEST_P(AppendTest, leaves_nothing_behind_when_abandoned)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    for (const std::size_t size : {100U, 400'000U}) {
        SeenStores stores;
        auto appender = bench.session->append(stores);
        appender->begin(0, inbox, {}, size);
        const std::string part(90, 'x');
        appender->write(std::as_bytes(std::span(part)));
        appender->abandon();
        appender.reset();
        bench.reconnect();
        EXPECT_THAT(bench.messages(inbox), IsEmpty());
    }
}

TEST(Append, goes_on_after_abandoning_a_small_message)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    SeenStores stores;
    const auto appender = bench.session->append(stores);
    appender->begin(0, inbox, {}, 100);
    appender->abandon();
    const std::string text = "a: b\r\n\r\n";
    appender->begin(1, inbox, {}, text.size());
    appender->write(std::as_bytes(std::span(text)));
    appender->end();
    appender->finish();
    EXPECT_THAT(stores.ids, ElementsAre(::testing::Pair(1, "1")));
}

TEST_P(AppendTest, refuses_an_empty_message_and_keeps_its_neighbours)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    SeenStores stores;
    const auto appender = bench.session->append(stores);
    for (std::size_t i = 0; i < 5; ++i) {
        const std::string text = i == 2 ? "" : "a: b\r\n\r\n";
        appender->begin(i, inbox, {}, text.size());
        appender->write(std::as_bytes(std::span(text)));
        appender->end();
    }
    appender->finish();
    EXPECT_THAT(stores.ids, SizeIs(4));
    ASSERT_THAT(stores.failures, SizeIs(1));
    EXPECT_EQ(stores.failures.at(2).scope(), Scope::message) << stores.failures.at(2).what();
    EXPECT_EQ(stores.failures.at(2).retry(), Retry::never);
    EXPECT_THAT(bench.messages(inbox), SizeIs(4));
}

TEST(Append, of_many_takes_one_turn)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    bench.turns.count = 0;
    bench.append(inbox, std::vector<std::string>(100, "a: b\r\n\r\n"));
    EXPECT_EQ(bench.turns.count, 1U);
    EXPECT_THAT(bench.messages(inbox), SizeIs(100));
}

TEST(Append, takes_nul_where_the_server_has_binary)
{
    using namespace std::string_literals;
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    SeenStores stores;
    const auto small = "a: b\r\n\r\nx\0y"s, large = "a: b\r\n\r\n"s + std::string(300'000, '\0');
    const auto ids = bench.append(inbox, {small, large});
    EXPECT_THAT(ids, ElementsAre("1", "2"));
    // Dovecot keeps the NUL and shows 0x80 for it, as no text may hold one.
    EXPECT_EQ(text_of(bench, inbox, "1"), "a: b\r\n\r\nx\x80y");
    EXPECT_EQ(text_of(bench, inbox, "2").size(), large.size());
}

}  // namespace offlineimap::imap::test
