// SPDX-License-Identifier: Apache-2.0
#include "core/host/event_queue.hpp"

#include <gmock/gmock.h>

namespace offlineimap::core {
namespace {

using testing::ElementsAre;

OwnedEvent event(EventKind kind, std::string_view text, std::string_view account = "home")
{
    Event e;
    e.kind = kind;
    e.account = account;
    e.text = text;
    return OwnedEvent(e);
}

OwnedEvent line(Level level, std::string_view text)
{
    Event e;
    e.level = level;
    e.text = text;
    return OwnedEvent(e);
}

std::vector<std::string> texts(EventQueue& queue)
{
    std::vector<std::string> all;
    for (const auto& e : queue.take())
        all.emplace_back(e.view().text);
    return all;
}

TEST(OwnedEvent, keeps_its_texts)
{
    const Error error(Errc::quota, "full");
    std::string text = "text", folder = "INBOX";
    Event e;
    e.kind = EventKind::failure;
    e.text = text;
    e.folder = folder;
    e.error = &error;
    e.total = 7;
    const OwnedEvent owned(e);
    text = folder = "other";
    EXPECT_EQ(owned.view().text, "text");
    EXPECT_EQ(owned.view().folder, "INBOX");
    EXPECT_EQ(owned.view().total, 7U);
    EXPECT_STREQ(owned.view().error->what(), "full");
    EXPECT_NE(owned.view().error, &error);
}

TEST(OwnedEvent, takes_out_what_could_harm_a_terminal)
{
    const Error error(Errc::quota, "a\x1b[2Jb");
    Event e;
    e.account = e.repository = e.folder = e.text = "a\x1b]0;b\nc";
    e.error = &error;
    const OwnedEvent owned(e);
    const auto view = owned.view();
    EXPECT_EQ(view.text, "a?]0;b c");
    EXPECT_EQ(view.account, view.text);
    EXPECT_EQ(view.repository, view.text);
    EXPECT_EQ(view.folder, view.text);
    EXPECT_STREQ(view.error->what(), "a?[2Jb");
}

TEST(OwnedEvent, has_a_time)
{
    EXPECT_GT(event(EventKind::log, "").view().time.time_since_epoch().count(), 0);
    Event e;
    e.time = std::chrono::system_clock::from_time_t(1);
    EXPECT_EQ(OwnedEvent(e).view().time, e.time);
}

TEST(OwnedEvent, a_failure_is_an_error)
{
    EXPECT_EQ(event(EventKind::failure, "").level(), Level::error);
}

TEST(EventQueue, keeps_the_order)
{
    EventQueue queue(10);
    queue.push(event(EventKind::folder_begin, "1"));
    queue.push(event(EventKind::log, "2"));
    queue.push(event(EventKind::folder_end, "3"));
    EXPECT_FALSE(queue.empty());
    EXPECT_THAT(texts(queue), ElementsAre("1", "2", "3"));
    EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, keeps_the_last_progress_of_each_account)
{
    EventQueue queue(10);
    for (const char* text : {"h1", "h2", "h3"})
        queue.push(event(EventKind::progress, text, "home"));
    queue.push(event(EventKind::progress, "w1", "work"));
    queue.push(event(EventKind::log, "line"));
    EXPECT_THAT(texts(queue), ElementsAre("line", "h3", "w1"));
}

TEST(EventQueue, shows_no_progress_after_the_end)
{
    EventQueue queue(10);
    queue.push(event(EventKind::progress, "half"));
    queue.push(event(EventKind::account_end, "end"));
    EXPECT_THAT(texts(queue), ElementsAre("end"));
}

TEST(EventQueue, drops_lesser_lines_when_full)
{
    EventQueue queue(2);
    for (const char* text : {"1", "2", "3", "4"})
        queue.push(line(Level::info, text));
    queue.push(line(Level::debug, "5"));
    EXPECT_EQ(queue.dropped(), 3U);
    EXPECT_THAT(texts(queue), ElementsAre("1", "2"));
}

TEST(EventQueue, never_drops_what_matters)
{
    EventQueue queue(1);
    queue.push(line(Level::info, "1"));
    queue.push(line(Level::warning, "warning"));
    queue.push(event(EventKind::failure, "failure"));
    queue.push(event(EventKind::folder_end, "end"));
    queue.push(event(EventKind::summary, "summary"));
    EXPECT_EQ(queue.dropped(), 0U);
    EXPECT_THAT(texts(queue), ElementsAre("1", "warning", "failure", "end", "summary"));
}

}  // namespace
}  // namespace offlineimap::core
