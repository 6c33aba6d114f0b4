// SPDX-License-Identifier: Apache-2.0
#include "core/sync/narrowing.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>

namespace offlineimap::sync {
namespace {

using Verdict = Narrowing::Verdict;

/// A server that ends the connection at some of its messages.
class Server {
public:
    std::vector<std::size_t> wanted, given_up;
    std::vector<std::size_t> bad;
    /// Whether it is seen which message was under way then.
    bool shows = true;

    explicit Server(std::size_t count) : wanted(count)
    {
        std::iota(wanted.begin(), wanted.end(), std::size_t {0});
    }

    /// Reads all that can be read; how many connections that takes.
    int read_all()
    {
        int connections = 1;
        while (!wanted.empty() && connections < 1000) {
            const auto slice = narrowing_.slice(wanted, 500);
            const auto stop = std::find_if(slice.begin(), slice.end(), [this](std::size_t i) {
                return std::find(bad.begin(), bad.end(), i) != bad.end();
            });
            std::for_each(slice.begin(), stop, [this](std::size_t i) { done(i); });
            if (stop == slice.end()) {
                narrowing_.passed();
                continue;
            }
            ++connections;
            const auto verdict =
                narrowing_.cut(slice.size(), shows ? std::optional(*stop) : std::nullopt);
            if (verdict == Verdict::give_up) {
                given_up.push_back(slice.front());
                done(slice.front());
            }
        }
        return connections;
    }

private:
    void done(std::size_t i) { std::erase(wanted, i); }

    Narrowing narrowing_;
};

TEST(Narrowing, finds_the_message_that_was_under_way_within_three_connections)
{
    Server server(2000);
    server.bad = {700, 1999};
    EXPECT_LE(server.read_all(), 1 + 2 * 3);
    EXPECT_EQ(server.given_up, server.bad);
}

TEST(Narrowing, finds_it_by_halves_when_nothing_came)
{
    Server server(2000);
    server.bad = {0, 700, 1999};
    server.shows = false;
    EXPECT_LE(server.read_all(), 1 + 3 * 12);
    EXPECT_EQ(server.given_up, server.bad);
}

TEST(Narrowing, one_lost_connection_costs_nothing)
{
    Narrowing narrowing;
    EXPECT_EQ(narrowing.cut(1, 0), Verdict::try_again);
    EXPECT_EQ(narrowing.slice({0, 1, 2}, 3).size(), 3U);
    Narrowing silent;
    EXPECT_EQ(silent.cut(1, std::nullopt), Verdict::try_again);
    EXPECT_EQ(silent.slice({0, 1, 2}, 3).size(), 3U);
}

TEST(Narrowing, gives_up_few_messages_when_each_ends_the_connection)
{
    Server server(500);
    server.bad.resize(500);
    std::iota(server.bad.begin(), server.bad.end(), std::size_t {0});
    server.read_all();
    EXPECT_EQ(server.given_up.size(), 20U);
}

}  // namespace
}  // namespace offlineimap::sync
