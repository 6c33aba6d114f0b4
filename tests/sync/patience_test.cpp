// SPDX-License-Identifier: Apache-2.0
#include "core/sync/fetch_all.hpp"
#include "two_sides.hpp"

#include <gmock/gmock.h>

// A side that does not give a folder or a message just now, for a while or at all.

namespace offlineimap::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Error not_now(Errc::unavailable, Scope::folder, Retry::reconnect, "NO [LIMIT] later");

struct Patience : testing::Test {
    TwoSides two;

    /// Refuses so many times.
    void refuse(int times, const Error& why)
    {
        two.right.on_fetch = [times, why](Part) mutable {
            return times-- > 0 ? std::optional(why) : std::nullopt;
        };
    }
};

TEST_F(Patience, gets_each_message_that_is_refused_for_a_while)
{
    for (const auto* name : {"a", "b", "c"})
        two.right.add("INBOX", mail(name));
    refuse(5, not_now);  // the first time all of them, then two
    EXPECT_THAT(two.run().failures, IsEmpty());
    EXPECT_TRUE(two.equal());
    EXPECT_THAT(two.left.ids("INBOX"), SizeIs(3));
}

TEST_F(Patience, comes_to_an_end_where_a_message_is_always_refused)
{
    two.right.add("INBOX", mail("a"));
    refuse(1000, not_now);
    EXPECT_THAT(two.run().failures, ElementsAre(Errc::unavailable));
    refuse(0, not_now);
    EXPECT_THAT(two.run().failures, IsEmpty());
    EXPECT_TRUE(two.equal());
}

TEST_F(Patience, is_short_where_there_is_a_limit_and_long_for_what_waits_beside_it)
{
    const Error limit(Errc::quota, Scope::folder, Retry::reconnect, "NO [LIMIT] no more");
    two.right.add("INBOX", mail("a"));
    int asked = 0;
    two.right.on_fetch = [&](Part) {
        ++asked;
        return std::optional(limit);
    };
    EXPECT_THAT(two.run().failures, ElementsAre(Errc::quota));
    EXPECT_EQ(asked, 2);
    two.right.add("INBOX", mail("b"));
    asked = 0;
    two.right.on_fetch = [&](Part) {  // by turns, so that neither is ever got
        return std::optional(++asked % 2 == 0 ? not_now : limit);
    };
    EXPECT_THAT(two.run().failures, SizeIs(2));
    EXPECT_EQ(asked, 8);
    refuse(0, limit);
    EXPECT_THAT(two.run().failures, IsEmpty());
    EXPECT_TRUE(two.equal());
}

TEST_F(Patience, is_not_spent_on_a_plain_refusal)
{
    two.right.add("INBOX", mail("a"));
    refuse(1, Error(Errc::unavailable, Scope::folder, Retry::later, "NO"));
    EXPECT_THAT(two.run().failures, ElementsAre(Errc::unavailable));
    EXPECT_THAT(two.left.ids("INBOX"), IsEmpty());
}

TEST_F(Patience, of_a_session_that_is_lost_asks_for_the_rest_alone)
{
    const auto first = two.right.add("INBOX", mail("a"));
    const auto second = two.right.add("INBOX", mail("b"));
    const auto store = make_repository(two.right);
    sync::SessionPool pool(*store, two.never, 1, std::chrono::milliseconds(0));
    pool.take()->folders();  // ids mean something in a folder that was listed
    int asked = 0;
    two.right.on_fetch = [&asked](Part) -> std::optional<Error> {
        if (++asked == 2) throw Error(Errc::network, "lost");
        return std::nullopt;
    };
    class Seen final : public FetchSink {
    public:
        void begin(std::size_t index, const Message&, std::uint64_t) override
        {
            indexes.push_back(index);
        }
        bool data(Bytes) override { return true; }
        void end() override { }
        void failed(std::size_t, const Error& why) override { throw why; }
        std::vector<std::size_t> indexes;
    } seen;
    const MessageRef messages[] = {{0, first}, {0, second}};
    sync::fetch_all(pool, messages, Part::facts, seen);
    EXPECT_THAT(seen.indexes, ElementsAre(0, 1));
    EXPECT_EQ(asked, 3);
}

/// The id says that it came from there; whether it is there still cannot be found out.
TEST_F(Patience, sends_no_message_that_the_server_may_have)
{
    two.right.add("INBOX", mail("a"));
    two.run();
    two.run();
    const auto id = two.left.ids("INBOX").at(0);
    two.status.open("INBOX")->apply({{}, std::span(&id, 1)});
    for (const auto& why : {not_now, Error(Errc::rejected, "NO")}) {
        two.left.set_flags("INBOX", id, {Flag::seen});  // so that the folder is looked at
        refuse(1000, why);
        EXPECT_THAT(two.run().failures, SizeIs(1));
        EXPECT_THAT(two.right.ids("INBOX"), SizeIs(1));
    }
    refuse(0, not_now);
    EXPECT_THAT(two.run().failures, IsEmpty());
    EXPECT_TRUE(two.equal());
    EXPECT_THAT(two.right.ids("INBOX"), SizeIs(1));
}

TEST(PatienceAfterACrash, sends_no_message_again_that_the_server_has_and_does_not_give)
{
    for (std::size_t at = 1; at < 20 && !testing::Test::HasFailure(); ++at) {
        SCOPED_TRACE("step " + std::to_string(at));
        TwoSides two;
        two.right.add("INBOX", mail("old"));
        two.run();
        two.left.add("INBOX", mail("a"));
        two.faults.plan(Faults::Kind::crash_after, at);
        try {
            two.run();
        } catch (const Crash&) {
        }
        two.faults.plan(Faults::Kind::none, 0);
        two.right.broken = {mail("a")};
        const auto there = two.right.ids("INBOX").size();
        for (int run = 0; run < 2; ++run) {
            const bool has_failed = !two.run().failures.empty();
            if (has_failed) {
                EXPECT_THAT(two.right.ids("INBOX"), SizeIs(there));
            }
        }
        two.right.broken.clear();
        EXPECT_THAT(two.run().failures, IsEmpty());
        EXPECT_TRUE(two.equal());
        EXPECT_THAT(two.right.ids("INBOX"), SizeIs(2));
    }
}

TEST_F(Patience, removes_no_message_that_was_carried_to_where_nobody_can_read_it)
{
    two.right.add("Archive", mail("old"));
    const auto id = two.right.add("INBOX", mail("a"));
    two.run();
    two.right.move("INBOX", id, "Archive");
    two.right.broken = {mail("a")};
    for (int run = 0; run < 2; ++run) {
        EXPECT_THAT(two.run().failures, ElementsAre(Errc::rejected));
        EXPECT_THAT(two.left.ids("INBOX"), SizeIs(1));
    }
    two.right.broken.clear();
    const auto result = two.run();
    EXPECT_THAT(result.failures, IsEmpty());
    EXPECT_EQ(result.counts.moved, 1);
    EXPECT_TRUE(two.equal());
    EXPECT_THAT(two.left.ids("INBOX"), IsEmpty());
}

}  // namespace
}  // namespace offlineimap::test
