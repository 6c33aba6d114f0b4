// SPDX-License-Identifier: Apache-2.0
#include "core/host/event_bus.hpp"

#include "interfaces.hpp"

#include <gmock/gmock.h>

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

class Bus : public testing::Test {
protected:
    Recorder& add(Story& own)
    {
        auto recorder = std::make_unique<Recorder>(own);
        auto& reference = *recorder;
        bus.add(std::move(recorder));
        return reference;
    }
    void start() { bus.start(control); }

    NoControl control;
    Story story;
    EventBus bus {100};
};

TEST_F(Bus, shows_everything_to_every_interface_on_one_thread)
{
    Story second;
    add(story);
    add(second);
    start();
    bus.log(Level::info, "one");
    bus.log(Level::info, "two");
    bus.close();
    EXPECT_THAT(story.lines, ElementsAre("one", "two"));
    EXPECT_EQ(second.lines, story.lines);
    EXPECT_THAT(story.threads, Each(story.threads.front()));
    EXPECT_NE(story.threads.front(), std::this_thread::get_id());
    EXPECT_TRUE(story.closed && second.closed);
}

TEST_F(Bus, shows_what_was_posted_before_the_start)
{
    bus.log(Level::warning, "early");
    add(story);
    start();
    bus.close();
    EXPECT_THAT(story.lines, ElementsAre("early"));
}

TEST_F(Bus, loses_nothing_of_many_threads)
{
    add(story);
    EventBus& all = bus;
    start();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 500; ++n)
                all.log(Level::warning, "line");
        });
    for (auto& thread : threads)
        thread.join();
    bus.close();
    EXPECT_EQ(story.lines.size(), 2000U);
}

TEST_F(Bus, is_not_held_up_by_a_slow_interface)
{
    std::promise<void> go_on;
    auto waits = go_on.get_future().share();
    add(story).on_show = [&](const Event&) { waits.wait(); };
    start();
    for (int i = 0; i < 1000; ++i)
        bus.log(Level::info, "line");
    bus.log(Level::error, "important");
    go_on.set_value();
    bus.close();
    EXPECT_LE(story.lines.size(), 300U);
    EXPECT_THAT(story.lines, Contains("important"));
    EXPECT_THAT(story.lines.back(), HasSubstr(" lines were not shown"));
}

TEST_F(Bus, remembers_failures)
{
    const Error error(Errc::quota, "mailbox full");
    Event event;
    event.kind = EventKind::failure;
    event.text = "mailbox full";
    event.error = &error;
    bus.post(event);
    bus.post(event);
    bus.close();
    bus.post(event);
    const auto failures = bus.failures().failures;
    ASSERT_EQ(failures.size(), 1U);
    EXPECT_EQ(failures[0].count, 3U);
    EXPECT_EQ(failures[0].error.code(), Errc::quota);
}

TEST_F(Bus, asks_after_it_has_shown_what_came_before)
{
    add(story).on_ask = [](const Question& question) {
        EXPECT_TRUE(question.hidden);
        return "secret";
    };
    start();
    bus.log(Level::info, "before");
    EXPECT_EQ(bus.ask({"password", true, false}), "secret");
    bus.close();
    EXPECT_THAT(story.lines, ElementsAre("before", "asked password"));
}

TEST_F(Bus, the_first_interface_that_answers_counts)
{
    Story second, third;
    add(story);
    add(second).on_ask = [](const Question&) { return "two"; };
    add(third).on_ask = [](const Question&) { return "three"; };
    start();
    EXPECT_EQ(bus.ask({"question"}), "two");
    bus.close();
    EXPECT_THAT(story.lines, ElementsAre("asked question"));
    EXPECT_TRUE(third.lines.empty());
}

TEST_F(Bus, an_interface_that_throws_has_not_answered)
{
    add(story).on_ask = [](const Question&) -> std::optional<std::string> {
        throw Error(Errc::io, "no tty");
    };
    start();
    EXPECT_EQ(bus.ask({"question"}), std::nullopt);
    bus.close();
    EXPECT_THAT(story.lines, Contains("ask the user: no tty"));
}

TEST_F(Bus, confirms)
{
    EXPECT_TRUE(bus.confirm("nobody there yet", true));
    auto answer = std::optional<std::string>("y");
    add(story).on_ask = [&](const Question& question) {
        EXPECT_TRUE(question.yes_no);
        return answer;
    };
    start();
    EXPECT_TRUE(bus.confirm("sure", false));
    answer = "n";
    EXPECT_FALSE(bus.confirm("sure", true));
    answer.reset();
    EXPECT_TRUE(bus.confirm("sure", true));
}

TEST_F(Bus, several_threads_may_ask)
{
    add(story).on_ask = [](const Question& question) { return std::string(question.text); };
    start();
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, text = std::to_string(i)] {
            for (int n = 0; n < 20; ++n)
                EXPECT_EQ(bus.ask({text}), text);
        });
    for (auto& thread : threads)
        thread.join();
}

TEST_F(Bus, an_interface_gets_no_answer_from_itself)
{
    std::promise<void> answered;
    add(story).on_show = [&](const Event&) {
        EXPECT_EQ(bus.ask({"me"}), std::nullopt);
        answered.set_value();
    };
    start();
    bus.log(Level::info, "line");
    EXPECT_EQ(answered.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
    bus.close();
    EXPECT_THAT(story.lines, ElementsAre("line"));
}

TEST_F(Bus, declines_a_question_that_waits_and_interrupts_who_asks_it)
{
    int ends[2] = {};
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    std::promise<void> asked;
    int interrupted_by = 0;
    add(story).on_ask = [&](const Question&) -> std::optional<std::string> {
        asked.set_value();
        char answer = 0;
        if (::read(ends[0], &answer, 1) < 0) interrupted_by = errno;
        return std::nullopt;
    };
    start();
    std::thread leaves([&] {
        asked.get_future().wait();
        bus.decline_questions();
    });
    EXPECT_EQ(bus.ask({"password"}), std::nullopt);
    leaves.join();
    EXPECT_EQ(bus.ask({"again"}), std::nullopt);
    bus.close();
    EXPECT_EQ(interrupted_by, EINTR);
    EXPECT_THAT(story.lines, ElementsAre("asked password"));
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_F(Bus, says_why_an_interface_cannot_start)
{
    add(story).on_start = [](Control&) { throw Error(Errc::config, "no display"); };
    EXPECT_THROW(start(), Error);
    EXPECT_TRUE(story.closed);
    EXPECT_EQ(bus.ask({"question"}), std::nullopt);
}

TEST_F(Bus, may_be_closed_by_several)
{
    add(story);
    start();
    bus.log(Level::info, "line");
    std::thread other([&] { bus.close(); });
    bus.close();
    other.join();
    EXPECT_TRUE(story.closed);
    EXPECT_THAT(story.lines, ElementsAre("line"));
}

TEST_F(Bus, hands_the_control_to_the_interfaces)
{
    Control* given = nullptr;
    add(story).on_start = [&](Control& c) { given = &c; };
    start();
    EXPECT_EQ(given, &control);
}

}  // namespace
}  // namespace offlineimap::core
