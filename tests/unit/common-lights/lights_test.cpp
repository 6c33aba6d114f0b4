// SPDX-License-Identifier: Apache-2.0
#include "common-lights/lights.hpp"

#include <gmock/gmock.h>

// The colours that the manual of the original gives to what a thread does.

namespace offlineimap::lights {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const Board::Clock::time_point now = Board::Clock::now();

Event event(EventKind kind, std::uint32_t worker = 1)
{
    Event event;
    event.kind = kind;
    event.account = "work";
    event.text = "something";
    event.worker = worker;
    return event;
}

Colour colour_after(EventKind kind)
{
    Board board;
    board.follow(event(kind), now);
    return board.lights().at(1).colour;
}

TEST(Lights, have_the_colours_of_the_manual)
{
    EXPECT_EQ(colour_after(EventKind::connecting), Colour::gray);
    EXPECT_EQ(colour_after(EventKind::account_begin), Colour::purple);
    EXPECT_EQ(colour_after(EventKind::folder_begin), Colour::cyan);
    EXPECT_EQ(colour_after(EventKind::listing), Colour::green);
    EXPECT_EQ(colour_after(EventKind::planned), Colour::blue);
    EXPECT_EQ(colour_after(EventKind::copying), Colour::orange);
    EXPECT_EQ(colour_after(EventKind::deleting), Colour::red);
    EXPECT_EQ(colour_after(EventKind::adding_flags), Colour::yellow);
    EXPECT_EQ(colour_after(EventKind::removing_flags), Colour::pink);
}

TEST(Lights, begin_with_the_main_program_in_red)
{
    const Board board;
    ASSERT_EQ(board.lights().size(), 1U);
    EXPECT_EQ(board.lights().at(0).colour, Colour::red);
}

TEST(Lights, are_black_when_their_worker_has_ended_and_lit_again_by_the_next)
{
    Board board;
    board.follow(event(EventKind::copying), now);
    board.follow(event(EventKind::worker_end), now);
    EXPECT_EQ(board.lights().at(1).colour, Colour::black);
    board.follow(event(EventKind::listing), now);
    EXPECT_EQ(board.lights().at(1).colour, Colour::green);
}

TEST(Lights, stay_as_they_are_where_only_a_line_is_said)
{
    Board board;
    board.follow(event(EventKind::copying), now);
    board.follow(event(EventKind::log), now);
    EXPECT_EQ(board.lights().at(1).colour, Colour::orange);
}

TEST(Lights, are_with_the_account_that_they_work_for)
{
    Board board;
    board.follow(event(EventKind::copying, 2), now);
    board.follow(event(EventKind::copying, 1), now);
    auto other = event(EventKind::copying, 2);
    other.account = "home";
    board.follow(other, now);
    ASSERT_EQ(board.accounts().size(), 2U);
    EXPECT_THAT(board.accounts()[0].workers, ElementsAre(1));
    EXPECT_THAT(board.accounts()[1].workers, ElementsAre(2));
}

TEST(Lights, count_down_to_the_first_account_that_wakes)
{
    Board board;
    EXPECT_EQ(board.countdown(now), std::nullopt);
    auto sleeping = event(EventKind::sleeping, 0);
    sleeping.total = 300;
    board.follow(sleeping, now);
    sleeping.account = "home";
    sleeping.total = 60;
    board.follow(sleeping, now);
    EXPECT_EQ(board.countdown(now + 20s), 40s);
    auto begin = event(EventKind::account_begin, 0);
    begin.account = "home";
    board.follow(begin, now + 20s);
    EXPECT_EQ(board.countdown(now + 20s), 280s);
}

TEST(Lights, are_not_a_million_because_of_a_wrong_number)
{
    Board board;
    for (std::uint32_t worker = 1; worker < 100'000; ++worker)
        board.follow(event(EventKind::copying, worker), now);
    EXPECT_LE(board.lights().size(), 256U);
}

}  // namespace
}  // namespace offlineimap::lights
