// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"
#include "net/socket_stream.hpp"

#include <gmock/gmock.h>
#include <random>
#include <sys/socket.h>
#include <thread>

namespace offlineimap::imap {
namespace {

using namespace test;
using testing::HasSubstr;

class Deflate : public testing::Test {
protected:
    void SetUp() override
    {
        int pair[2] = {-1, -1};
        ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        client = plain(pair[0]);
        server = plain(pair[1]);
    }
    std::unique_ptr<Stream> plain(int descriptor)
    {
        return std::make_unique<SocketStream>(
            Socket(Descriptor(descriptor), "the test", Socket::Route::direct, cancel));
    }
    void compress_both()
    {
        client = start_deflate(std::move(client));
        server = start_deflate(std::move(server));
    }

    FakeCancel cancel;
    std::unique_ptr<Stream> client, server;
};

std::string noise(std::size_t size)
{
    std::mt19937 generator(7);  // NOLINT: the same in each run
    std::string text(size, '\0');
    for (char& c : text)
        c = static_cast<char>(generator());
    return text;
}

TEST_F(Deflate, what_is_sent_arrives_at_once)
{
    compress_both();
    for (const std::string line : {"a1 SELECT INBOX\r\n", "a2 NOOP\r\n", "x"}) {
        write_all(*client, line);
        EXPECT_EQ(read_exactly(*server, line.size()), line);
    }
}

TEST_F(Deflate, the_wire_carries_less)
{
    client = start_deflate(std::move(client));
    write_all(*client, std::string(50'000, 'a'));
    std::vector<std::byte> wire(50'000);
    const auto progress = server->exchange({}, wire, soon());
    EXPECT_GT(progress.read, 0U);
    EXPECT_LT(progress.read, 1000U);
}

TEST_F(Deflate, large_transfers_both_ways_through_small_spaces)
{
    compress_both();
    const std::string text = noise(500'000) + std::string(3'000'000, 'z') + noise(1000);
    std::thread echo([&] {
        std::string piece(10'000, '\0');
        for (std::size_t total = 0; total < text.size();) {
            const auto got =
                server->exchange({}, std::as_writable_bytes(std::span(piece)), soon()).read;
            write_all(*server, std::string_view(piece).substr(0, got));
            total += got;
        }
    });
    std::string back;
    std::array<std::byte, 777> space {};
    for (std::size_t sent = 0; back.size() < text.size();) {
        const auto progress = client->exchange(bytes_of(text).subspan(sent), space, soon());
        sent += progress.written;
        back.append(reinterpret_cast<const char*>(space.data()), progress.read);
    }
    echo.join();
    EXPECT_EQ(back, text);
}

TEST_F(Deflate, begins_with_what_came_along_with_the_answer)
{
    client = start_deflate(std::move(client));
    write_all(*client, "* 1 EXISTS\r\n");
    std::vector<std::byte> wire(1000);
    const auto size = server->exchange({}, wire, soon()).read;
    server = start_deflate(std::move(server), Bytes(wire).first(size));
    EXPECT_EQ(read_exactly(*server, 12), "* 1 EXISTS\r\n");
}

TEST_F(Deflate, damage_is_an_error)
{
    server = start_deflate(std::move(server));
    write_all(*client, "this was never compressed, whatever it looks like");
    const Error error = read_error(*server);
    EXPECT_EQ(error.code(), Errc::protocol);
    EXPECT_THAT(error.what(), HasSubstr("damaged"));
}

/// Blocks of no bytes, faster than anybody can read them.
class EmptyBlocks final : public Stream {
public:
    Progress exchange(Bytes, std::span<std::byte> in, Deadline) override
    {
        if (++calls_ > 1'000'000) throw Error(Errc::internal, "asked for ever");
        const auto block = bytes_of({"\0\0\0\xff\xff", 5});
        std::copy(block.begin(), block.end(), in.begin());
        return {0, block.size()};
    }

private:
    int calls_ = 0;
};

TEST_F(Deflate, a_line_on_which_nothing_but_empty_blocks_arrives_ends_at_the_deadline)
{
    client = start_deflate(std::make_unique<EmptyBlocks>());
    std::vector<std::byte> space(1000);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
    const Error error = error_of([&] { (void)client->exchange({}, space, deadline); });
    EXPECT_EQ(error.code(), Errc::timeout);
}

TEST_F(Deflate, a_closed_line_is_the_inner_streams_error)
{
    compress_both();
    client.reset();
    const Error error = read_error(*server);
    EXPECT_EQ(error.code(), Errc::network);
    EXPECT_THAT(error.what(), HasSubstr("closed by the peer"));
}

}  // namespace
}  // namespace offlineimap::imap
