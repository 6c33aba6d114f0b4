// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

namespace offlineimap::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct Guard : testing::Test {
    TwoSides two;

    void settle(int messages)
    {
        for (int i = 0; i < messages; ++i)
            two.right.add("INBOX", mail("m" + std::to_string(i)));
        two.right.add("Other", mail("x"));
        two.run();
        two.run();
    }
    void remove_local(int messages)
    {
        const auto ids = two.left.ids("INBOX");
        for (int i = 0; i < messages; ++i)
            two.left.remove("INBOX", ids[static_cast<std::size_t>(i)]);
    }
};

TEST_F(Guard, stops_the_removal_of_more_than_half_of_a_folder_and_does_the_rest)
{
    settle(20);
    remove_local(11);
    two.left.add("Other", mail("new"));
    const auto result = two.run();
    EXPECT_THAT(result.failures, Contains(Errc::stopped));
    EXPECT_EQ(two.right.ids("INBOX").size(), 20);
    EXPECT_EQ(two.right.ids("Other").size(), 2);
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("max_deletes=unlimited")));
    EXPECT_THAT(two.run().failures, Contains(Errc::stopped)) << "it must not be forgotten";
}

TEST_F(Guard, lets_half_of_a_folder_go)
{
    settle(20);
    remove_local(10);
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_EQ(two.right.ids("INBOX").size(), 10);
}

TEST_F(Guard, does_not_mind_small_folders)
{
    settle(19);
    remove_local(19);
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
}

TEST_F(Guard, is_satisfied_by_approval)
{
    settle(20);
    remove_local(20);
    two.rules.budget = sync::parse_budget("100%");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
}

TEST_F(Guard, takes_a_number_for_every_folder)
{
    settle(5);
    remove_local(3);
    two.rules.budget = sync::parse_budget("2");
    EXPECT_THAT(two.run().failures, Contains(Errc::stopped));
}

TEST_F(Guard, takes_a_budget_of_its_own_for_a_repository)
{
    settle(5);
    remove_local(3);
    two.rules.repository_budget.right = sync::parse_budget("2");
    EXPECT_THAT(two.run().failures, Contains(Errc::stopped));
    EXPECT_EQ(two.right.ids("INBOX").size(), 5);
    EXPECT_THAT(
        two.lines.lines, Contains(HasSubstr("-k 'Repository Remote:max_deletes=unlimited'")));
}

TEST_F(Guard, names_the_folder_and_a_command_that_a_shell_understands)
{
    two.rules.account = "Bob's mail";
    settle(20);
    remove_local(15);
    two.run();
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("INBOX [Remote]: 15 of 20 messages")));
    EXPECT_THAT(
        two.lines.lines,
        Contains(HasSubstr("offlineimap -o -a 'Bob'\\''s mail' -k 'Account Bob'\\''s "
                           "mail:max_deletes=unlimited'")));
}

TEST_F(Guard, stops_when_every_small_folder_is_emptied_at_once)
{
    for (const char* const name : {"A", "B", "C", "D"})
        two.right.add(name, mail(name));
    two.run();
    for (const char* const name : {"A", "B", "C", "D"})
        two.left.remove(name, two.left.ids(name).front());
    const auto before = two.right.contents();
    EXPECT_THAT(two.run().failures, Contains(Errc::stopped));
    EXPECT_EQ(two.right.contents(), before);
}

TEST_F(Guard, stops_when_most_folders_are_gone)
{
    for (const char* const name : {"A", "B", "C", "D"})
        two.right.add(name, mail(name));
    two.run();
    std::erase_if(two.left.folders, [](const MailFolder& f) { return f.path.front() != "A"; });
    const auto before = two.right.contents();
    EXPECT_THAT(two.run().failures, Contains(Errc::stopped));
    EXPECT_EQ(two.right.contents(), before);
    EXPECT_EQ(two.left.folders.size(), 1) << "nothing is made either";
    two.rules.budget = sync::parse_budget("100%");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
}

TEST_F(Guard, does_not_count_moves)
{
    settle(20);
    for (const auto& id : two.left.ids("INBOX"))
        two.left.move("INBOX", id, "Other");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("Other").size(), 21);
}

TEST(Budget, is_a_number_or_a_percentage)
{
    EXPECT_EQ(sync::parse_budget("25").most, 25);
    EXPECT_EQ(sync::parse_budget("25%").percent, 25);
    EXPECT_THROW(sync::parse_budget("many"), Error);
    EXPECT_THROW(sync::parse_budget("101%"), Error);
}

}  // namespace
}  // namespace offlineimap::test
