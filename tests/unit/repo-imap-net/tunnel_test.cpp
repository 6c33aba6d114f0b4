// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"

#include <csignal>
#include <filesystem>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>

namespace offlineimap::imap {
namespace {

using namespace test;
using testing::HasSubstr;

class Tunnel : public testing::Test {
protected:
    std::unique_ptr<Stream> open(std::string command)
    {
        Endpoint endpoint;
        endpoint.tunnel = std::move(command);
        endpoint.security = Security::none;
        return connect(endpoint, cancel, host);
    }

    FakeCancel cancel;
    FakeHost host;
};

TEST_F(Tunnel, carries_bytes_both_ways)
{
    const auto stream = open("cat");
    write_all(*stream, "a1 NOOP\r\n");
    EXPECT_EQ(read_exactly(*stream, 9), "a1 NOOP\r\n");
    EXPECT_FALSE(stream->encrypted());
    EXPECT_FALSE(stream->loopback());
}

TEST_F(Tunnel, says_how_a_command_ended)
{
    const auto stream = open("echo no such luck >&2; exit 7");
    const Error error = read_error(*stream);
    EXPECT_EQ(error.code(), Errc::network);
    EXPECT_THAT(error.what(), HasSubstr("the command ended with status 7"));
}

TEST_F(Tunnel, leaks_no_descriptors)
{
    const auto stream = open("ls /proc/self/fd | tr '\\n' ' '; echo .");
    std::string seen;
    while (!seen.ends_with(".\n"))
        seen += read_exactly(*stream, 1);
    EXPECT_EQ(seen, "0 1 2 3 .\n") << "3 is ls reading the directory";
}

TEST_F(Tunnel, is_in_a_group_of_its_own_and_is_reaped)
{
    pid_t pid = 0;
    {
        const auto stream = open("trap '' TERM; echo $$; exec sleep 1000");
        std::string line;
        while (!line.ends_with('\n'))
            line += read_exactly(*stream, 1);
        pid = std::stoi(line);
        EXPECT_EQ(getpgid(pid), pid);
    }
    EXPECT_EQ(kill(pid, 0), -1) << "ignores the end of its input and SIGTERM, and is gone";
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "no child is left behind";
}

TEST_F(Tunnel, wait_ends_with_cancel)
{
    const auto stream = open("exec cat");
    std::thread user([this] { cancel.pull(); });
    EXPECT_EQ(read_error(*stream).code(), Errc::cancelled);
    user.join();
}

TEST_F(Tunnel, wait_ends_at_the_deadline)
{
    const auto stream = open("exec cat");
    std::array<std::byte, 10> space {};
    const Error error =
        error_of([&] { stream->exchange({}, space, std::chrono::steady_clock::now()); });
    EXPECT_EQ(error.code(), Errc::timeout);
    EXPECT_THAT(error.what(), HasSubstr("wait for tunnel"));
}

TEST_F(Tunnel, writing_to_one_that_went_is_an_error_not_a_signal)
{
    const auto stream = open("exit 0");
    EXPECT_EQ(read_error(*stream).code(), Errc::network);
    const Error error = error_of([&] { write_all(*stream, "a1 NOOP\r\n"); });
    EXPECT_EQ(error.code(), Errc::network);
}

TEST_F(Tunnel, large_transfers_in_both_directions_do_not_block_each_other)
{
    const auto stream = open("cat");
    const std::string all(4 << 20, 'x');
    std::string back(all.size(), '\0');
    std::size_t sent = 0, received = 0;
    while (received < all.size()) {
        const auto progress = stream->exchange(
            bytes_of(all).subspan(sent), std::as_writable_bytes(std::span(back)).subspan(received),
            soon());
        sent += progress.written;
        received += progress.read;
    }
    EXPECT_EQ(back, all);
}

}  // namespace
}  // namespace offlineimap::imap
