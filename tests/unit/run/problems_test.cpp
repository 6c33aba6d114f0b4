// SPDX-License-Identifier: Apache-2.0
#include "core/run/problems.hpp"

#include <gmock/gmock.h>

namespace offlineimap::core {
namespace {

using testing::ElementsAre;

class Lines final : public Ui {
public:
    explicit Lines(std::vector<std::string>& lines) : lines_(lines) { }
    void show(const Event& event) noexcept override
    {
        if (event.kind == EventKind::problem) lines_.emplace_back(event.text);
    }

private:
    std::vector<std::string>& lines_;
};

struct NoControl final : Control {
    void sync_now(std::string_view /*account*/) override { }
    void stop() override { }
};

std::vector<std::string> said_after(const std::vector<std::pair<std::string, Error>>& failures)
{
    std::vector<std::string> lines;
    NoControl control;
    EventBus bus;
    bus.add(std::make_unique<Lines>(lines));
    bus.start(control);
    for (const auto& [account, error] : failures) {
        Event event;
        event.kind = EventKind::failure;
        event.account = account;
        event.text = error.what();
        event.error = &error;
        bus.post(event);
    }
    say_problems(bus);
    bus.close();
    return lines;
}

TEST(Problems, are_not_spoken_of_where_there_are_none)
{
    EXPECT_THAT(said_after({}), ElementsAre());
}

TEST(Problems, are_said_once_with_a_count)
{
    const Error lost(Errc::network, "connection lost"), full(Errc::quota, "mailbox full");
    EXPECT_THAT(
        said_after({{"work", lost}, {"work", full}, {"work", lost}, {"work", lost}}),
        ElementsAre(
            "2 problems in this run:", "  work: connection lost (3 times)",
            "  work: mailbox full"));
    EXPECT_THAT(said_after({{"", full}}), ElementsAre("1 problem in this run:", "  mailbox full"));
}

TEST(Problems, of_a_flood_are_counted)
{
    std::vector<std::pair<std::string, Error>> flood;
    for (int i = 0; i < 1500; ++i)
        flood.emplace_back("work", Error(Errc::rejected, "message " + std::to_string(i)));
    const auto lines = said_after(flood);
    EXPECT_EQ(lines.front(), "1500 problems in this run:");
    EXPECT_EQ(lines.size(), 1002U);
    EXPECT_EQ(lines.back(), "  and 500 more");
}

TEST(Failure, says_what_to_do)
{
    EXPECT_EQ(
        failure_text(Error(Errc::quota, "append to Sent: mailbox full")),
        "append to Sent: mailbox full (make room there, or ask for more; the next run tries "
        "again)");
    EXPECT_EQ(failure_text(Error(Errc::stopped, "x; raise max_deletes")), "x; raise max_deletes");
}

}  // namespace
}  // namespace offlineimap::core
