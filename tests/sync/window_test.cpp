// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

// maxage, startdate, maxsize: what lies outside is neither copied nor taken for deleted.

namespace offlineimap::test {
namespace {

struct Windows : testing::Test {
    TwoSides two;
    static constexpr std::chrono::sys_days today {std::chrono::year(2024) / 6 / 15};

    void look_back(std::chrono::days days)
    {
        for (const auto side : sync::both_sides)
            two.rules.sides[side].window.received_since = today - days;
        two.rules.sides.left.new_by_time = sync::TimeCounts::no;
    }
    void add(const std::string& subject, std::chrono::days age)
    {
        const auto id = two.right.add("INBOX", mail(subject));
        two.right.folder("INBOX").mails.at(id).received = today - age;
    }
};

TEST_F(Windows, leave_old_mail_on_the_server)
{
    look_back(std::chrono::days(30));
    add("old", std::chrono::days(40));
    add("young", std::chrono::days(20));
    two.run();
    EXPECT_EQ(two.left.ids("INBOX").size(), 1);
    EXPECT_EQ(two.right.ids("INBOX").size(), 2);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(Windows, do_not_take_for_deleted_what_has_aged_and_was_cleared_away)
{
    look_back(std::chrono::days(30));
    add("one", std::chrono::days(20));
    two.run();
    look_back(std::chrono::days(10));
    two.run();
    two.left.remove("INBOX", two.left.ids("INBOX").front());
    two.run();
    EXPECT_EQ(two.right.ids("INBOX").size(), 1);
    look_back(std::chrono::days(30));
    two.run();
    EXPECT_EQ(two.right.ids("INBOX").size(), 1) << "nor when the window grows again";
}

TEST_F(Windows, let_a_young_message_be_deleted)
{
    look_back(std::chrono::days(30));
    add("one", std::chrono::days(20));
    two.run();
    two.left.remove("INBOX", two.left.ids("INBOX").front());
    two.run();
    EXPECT_TRUE(two.right.ids("INBOX").empty());
}

TEST_F(Windows, let_new_local_mail_go_up_whatever_its_date)
{
    look_back(std::chrono::days(30));
    const auto id = two.left.add("INBOX", mail("saved from elsewhere"));
    two.left.folder("INBOX").mails.at(id).received = today - std::chrono::days(400);
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("INBOX").size(), 1);
}

TEST_F(Windows, keep_large_messages_where_they_are)
{
    for (const auto side : sync::both_sides)
        two.rules.sides[side].window.smaller_than = 1000;
    two.right.add("INBOX", mail(std::string(1000, 'x')));
    two.right.add("INBOX", mail("small"));
    two.left.add("INBOX", mail(std::string(2000, 'y')));
    two.run();
    EXPECT_EQ(two.left.ids("INBOX").size(), 2);
    EXPECT_EQ(two.right.ids("INBOX").size(), 2);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(Windows, of_one_side_do_not_limit_the_other)
{
    two.rules.sides.right.window.received_since = today - std::chrono::days(30);
    add("old", std::chrono::days(40));
    const auto id = two.left.add("INBOX", mail("old here"));
    two.left.folder("INBOX").mails.at(id).received = today - std::chrono::days(40);
    two.run();
    EXPECT_EQ(two.left.ids("INBOX").size(), 1);
    EXPECT_EQ(two.right.ids("INBOX").size(), 2);
}

TEST_F(Windows, bring_the_older_messages_when_they_grow)
{
    look_back(std::chrono::days(30));
    add("old", std::chrono::days(40));
    add("young", std::chrono::days(20));
    two.run();
    two.run();
    look_back(std::chrono::days(29));  // the next day, nothing else happened
    two.run();
    EXPECT_EQ(two.left.ids("INBOX").size(), 1);
    look_back(std::chrono::days(50));
    two.run();
    EXPECT_EQ(two.left.ids("INBOX").size(), 2);
    EXPECT_TRUE(two.equal());
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(Windows, bring_the_large_messages_when_they_grow_or_go)
{
    for (const auto limit : {std::optional<std::uint64_t>(5000), {}}) {
        TwoSides one;
        one.right.add("INBOX", mail(std::string(1000, 'x')));
        one.rules.sides.right.window.smaller_than = 1000;
        one.run();
        one.run();
        EXPECT_TRUE(one.left.ids("INBOX").empty());
        one.rules.sides.right.window.smaller_than = limit;
        one.run();
        EXPECT_EQ(one.left.ids("INBOX").size(), 1);
    }
}

TEST_F(Windows, keep_what_left_them_on_both_sides_and_its_marks_equal)
{
    look_back(std::chrono::days(30));
    add("one", std::chrono::days(20));
    two.run();
    look_back(std::chrono::days(10));
    two.run();
    EXPECT_EQ(two.left.ids("INBOX").size(), 1);
    two.right.set_flags("INBOX", two.right.ids("INBOX").front(), {Flag::seen});
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("INBOX").size(), 1);
}

}  // namespace
}  // namespace offlineimap::test
