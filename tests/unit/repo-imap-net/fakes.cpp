// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"

#include <array>
#include <poll.h>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace offlineimap::imap::test {

FakeCancel::FakeCancel()
{
    if (pipe(pipe_) != 0) throw std::runtime_error("pipe");
}

FakeCancel::~FakeCancel()
{
    close(pipe_[0]);
    close(pipe_[1]);
}

void FakeCancel::pull() const
{
    if (write(pipe_[1], "x", 1) != 1) throw std::runtime_error("write");
}

bool FakeCancel::requested() const noexcept
{
    pollfd polled {pipe_[0], POLLIN, 0};
    return poll(&polled, 1, 0) == 1;
}

FakeSettings::FakeSettings(std::map<std::string, std::string, std::less<>> values)
    : values_(std::move(values))
{
}

std::string FakeSettings::text(std::string_view name) const
{
    return values_.find(name)->second;
}

std::int64_t FakeSettings::number(std::string_view name) const
{
    return std::stoll(text(name));
}

bool FakeSettings::flag(std::string_view name) const
{
    return !has(name) || text(name) == "yes";
}

std::vector<std::string> FakeSettings::list(std::string_view name) const
{
    std::vector<std::string> items;
    std::istringstream stream(text(name));
    for (std::string item; std::getline(stream, item, ',');)
        items.push_back(item);
    return items;
}

bool FakeSettings::has(std::string_view name) const noexcept
{
    return values_.find(name) != values_.end();
}

std::string FakeSettings::where(std::string_view name) const
{
    return "rc:" + std::string(name);
}

Bytes bytes_of(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

Deadline soon()
{
    return std::chrono::steady_clock::now() + std::chrono::seconds(10);
}

std::string read_exactly(Stream& stream, std::size_t size)
{
    std::string text(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        const auto space = std::as_writable_bytes(std::span(text)).subspan(filled);
        filled += stream.exchange({}, space, soon()).read;
    }
    return text;
}

Error read_error(Stream& stream)
{
    return error_of([&] {
        std::array<std::byte, 1024> space {};
        for (;;)
            static_cast<void>(stream.exchange({}, space, soon()));
    });
}

void write_all(Stream& stream, std::string_view text)
{
    for (Bytes rest = bytes_of(text); !rest.empty();)
        rest = rest.subspan(stream.exchange(rest, {}, soon()).written);
}

}  // namespace offlineimap::imap::test
