// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

// trash = FOLDER: what a run removes goes there, with MOVE or without.

namespace offlineimap::test {
namespace {

struct Server {
    const char* name;
    MailStore::Abilities able;
};

void PrintTo(const Server& server, std::ostream* out)
{
    *out << server.name;
}

class Trash : public testing::TestWithParam<Server> {
protected:
    static void settle(TwoSides& two)
    {
        for (int i = 0; i < 5; ++i)
            two.right.add("INBOX", mail("m" + std::to_string(i)), {Flag::seen});
        two.run();
        two.rules.sides.right.trash = "Deleted";
    }
    static void remove_one(TwoSides& two)
    {
        two.left.remove("INBOX", two.left.ids("INBOX").front());
    }
    TwoSides two {maildir_like, GetParam().able};
};

TEST_P(Trash, takes_what_a_run_removes_and_is_made_if_missing)
{
    settle(two);
    remove_one(two);
    two.rules.folders.right.accepts = [](const FolderInfo& f) { return f.name != "Deleted"; };
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_EQ(two.right.ids("INBOX").size(), 4);
    EXPECT_EQ(
        two.right.contents()["Deleted"],
        (std::multiset<Mail> {{mail("m0"), {Flag::seen}, {}, 0, {}}}));
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_P(Trash, loses_what_is_removed_from_itself)
{
    settle(two);
    two.right.add("Deleted", mail("gone"));
    two.run();
    two.left.remove("Deleted", two.left.ids("Deleted").front());
    two.run();
    EXPECT_TRUE(two.right.ids("Deleted").empty());
    EXPECT_TRUE(two.equal());
}

TEST_P(Trash, takes_each_once_after_a_run_that_ended_at_any_step)
{
    settle(two);
    remove_one(two);
    remove_one(two);
    const auto steps = two.steps_of_run();
    using Kind = Faults::Kind;
    for (const auto kind : {Kind::crash_before, Kind::crash_after, Kind::lost_answer})
        for (std::size_t at = 1; at <= steps; ++at) {
            SCOPED_TRACE("step " + std::to_string(at) + ", fault " + std::to_string(int(kind)));
            TwoSides one(maildir_like, GetParam().able);
            settle(one);
            remove_one(one);
            remove_one(one);
            one.faults.plan(kind, at);
            try {
                one.run();
            } catch (const Crash&) {
            }
            EXPECT_GE(one.right.ids("INBOX").size() + one.right.ids("Deleted").size(), 5);
            one.faults.plan(Kind::none, 0);
            EXPECT_TRUE(one.run().failures.empty());
            one.run();  // copies what is in the trash now
            one.run();
            EXPECT_TRUE(one.equal());
            EXPECT_EQ(one.right.ids("INBOX").size(), 3);
            EXPECT_EQ(one.right.ids("Deleted").size(), 2);
            EXPECT_EQ(one.steps_of_run(), 0);
            if (HasFailure()) return;
        }
}

TEST_P(Trash, has_two_messages_with_the_same_text)
{
    settle(two);
    for (int i = 0; i < 2; ++i)
        two.right.add("INBOX", mail("same"));
    two.run();
    for (const auto& id : two.left.ids("INBOX"))
        if (two.left.folder("INBOX").mails.at(id).text == mail("same"))
            two.left.remove("INBOX", id);
    two.run();
    EXPECT_EQ(two.right.ids("Deleted").size(), 2);
}

/// What a server says that is busy for a moment.
struct BusyAtFirst {
    template <class... Arguments> std::optional<Error> operator()(const Arguments&...)
    {
        if (--times < 0) return std::nullopt;
        return Error(Errc::unavailable, Scope::folder, Retry::reconnect, "NO [LIMIT] later");
    }
    int times = 0;
};

TEST_P(Trash, waits_for_a_server_that_is_busy_for_a_moment)
{
    settle(two);
    for (int i = 0; i < 3; ++i)
        remove_one(two);
    two.right.on_fetch = BusyAtFirst {2};
    two.right.on_deed = BusyAtFirst {4};
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_EQ(two.right.ids("INBOX").size(), 2);
    EXPECT_EQ(two.right.ids("Deleted").size(), 3);
}

TEST_P(Trash, keeps_the_message_where_the_copy_is_refused)
{
    using Deed = MailStore::Deed;
    const Error full(Errc::unavailable, Scope::folder, Retry::later, "NO [OVERQUOTA] full");
    const Error busy(Errc::busy, Scope::folder, Retry::reconnect, "NO [INUSE] locked");
    for (const auto& why : {full, busy}) {
        SCOPED_TRACE(why.what());
        TwoSides one(maildir_like, GetParam().able);
        settle(one);
        remove_one(one);
        one.right.on_deed = [&](Deed, const std::string& folder) {
            return folder == "Deleted" ? std::optional(why) : std::nullopt;
        };
        EXPECT_EQ(one.run().failures, std::vector {why.code()});
        EXPECT_EQ(one.right.ids("INBOX").size(), 5);
        one.right.on_deed = [](Deed, const std::string&) { return std::nullopt; };
        EXPECT_TRUE(one.run().failures.empty()) << "it must not be forgotten";
        EXPECT_EQ(one.right.ids("INBOX").size(), 4);
        EXPECT_EQ(one.right.ids("Deleted").size(), 1);
    }
}

TEST_P(Trash, copies_once_where_the_removal_is_refused)
{
    if (GetParam().able.move) return;
    settle(two);
    remove_one(two);
    two.right.on_deed = [](MailStore::Deed deed, const std::string&) -> std::optional<Error> {
        if (deed != MailStore::Deed::remove) return std::nullopt;
        return Error(Errc::busy, Scope::folder, Retry::reconnect, "NO [INUSE] locked");
    };
    EXPECT_EQ(two.run().failures.size(), 1);
    EXPECT_EQ(two.right.ids("INBOX").size(), 5);
    two.right.on_deed = [](MailStore::Deed, const std::string&) { return std::nullopt; };
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_EQ(two.right.ids("INBOX").size(), 4);
    EXPECT_EQ(two.right.ids("Deleted").size(), 1);
}

TEST_P(Trash, takes_the_others_where_one_is_not_given)
{
    if (GetParam().able.move) return;
    settle(two);
    remove_one(two);
    remove_one(two);
    two.right.on_fetch = [once = true](Part) mutable -> std::optional<Error> {
        if (!std::exchange(once, false)) return std::nullopt;
        return Error(Errc::rejected, "NO this one cannot be read");
    };
    EXPECT_EQ(two.run().failures.size(), 1);
    EXPECT_EQ(two.right.ids("INBOX").size(), 4);
    EXPECT_EQ(two.right.ids("Deleted").size(), 1);
}

constexpr MailStore::Abilities copies {.move = false}, one_session {.move = false, .sessions = 1},
    plain {
        .returns_ids = false,
        .move = false,
        .tokens = false,
        .coverage = Coverage::snapshot,
        .sessions = 1};

INSTANTIATE_TEST_SUITE_P(
    Servers, Trash,
    testing::Values(
        Server {"that moves", {}}, Server {"that cannot move", copies},
        Server {"that cannot move, with one session", one_session}, Server {"plain", plain}));

}  // namespace
}  // namespace offlineimap::test
