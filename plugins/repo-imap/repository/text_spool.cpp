// SPDX-License-Identifier: Apache-2.0
#include "text_spool.hpp"

#include <offlineimap/error.hpp>

#include <array>
#include <cerrno>
#include <cstring>

namespace offlineimap::imap {

namespace {

[[noreturn]] void throw_errno(const char* what)
{
    throw Error(
        Errc::io, Scope::session, Retry::later,
        std::string(what) + " a temporary file: " + std::strerror(errno));
}

}  // namespace

TextSpool::TextSpool() : file_(std::tmpfile())
{
    if (!file_) throw_errno("make");
}

void TextSpool::write(Bytes bytes)
{
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size())
        throw_errno("write");
    size_ += bytes.size();
}

void TextSpool::replay(const std::function<void(Bytes)>& take)
{
    if (std::fseek(file_.get(), 0, SEEK_SET) != 0) throw_errno("read");
    std::array<std::byte, 65536> buffer {};
    for (std::uint64_t left = size_; left > 0;) {
        const auto count = std::fread(buffer.data(), 1, buffer.size(), file_.get());
        if (count == 0) throw_errno("read");
        take(Bytes(buffer).first(count));
        left -= count;
    }
}

}  // namespace offlineimap::imap
