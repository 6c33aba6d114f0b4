// SPDX-License-Identifier: Apache-2.0
#include "line_ends.hpp"

#include <algorithm>
#include <cstddef>

namespace offlineimap::maildir {
namespace {

/// Bare LFs behind the first byte. Sums up in bytes, 255 steps at most, so that the compiler can
/// make 16 or 32 comparisons at once.
std::uint64_t bare_after_first(std::string_view piece) noexcept
{
    std::uint64_t total = 0;
    for (std::size_t at = 1; at < piece.size();) {
        const std::size_t end = std::min(piece.size(), at + 255);
        std::uint8_t sum = 0;
        for (; at < end; ++at)
            sum = static_cast<std::uint8_t>(sum + (piece[at] == '\n' && piece[at - 1] != '\r'));
        total += sum;
    }
    return total;
}

}  // namespace

void BareLineFeeds::count(std::string_view piece) noexcept
{
    if (piece.empty()) return;
    if (piece.front() == '\n' && last_ != '\r') ++total_;
    total_ += bare_after_first(piece);
    last_ = piece.back();
}

void ToCrlf::convert(std::string_view piece, std::string& out)
{
    while (!piece.empty()) {
        const std::size_t end = piece.find('\n');
        if (end == std::string_view::npos) {
            out.append(piece);
            last_ = piece.back();
            return;
        }
        const char before = end == 0 ? last_ : piece[end - 1];
        out.append(piece.substr(0, end));
        out.append(before == '\r' ? "\n" : "\r\n");
        last_ = '\n';
        piece.remove_prefix(end + 1);
    }
}

void ToLf::convert(std::string_view piece, std::string& out)
{
    if (piece.empty()) return;
    if (held_cr_ && piece.front() != '\n') out.push_back('\r');
    held_cr_ = false;
    while (!piece.empty()) {
        const std::size_t cr = piece.find('\r');
        if (cr == std::string_view::npos) {
            out.append(piece);
            return;
        }
        out.append(piece.substr(0, cr));
        if (cr + 1 == piece.size()) {
            held_cr_ = true;
            return;
        }
        if (piece[cr + 1] != '\n') out.push_back('\r');
        piece.remove_prefix(cr + 1);
    }
}

void ToLf::finish(std::string& out)
{
    if (held_cr_) out.push_back('\r');
    held_cr_ = false;
}

}  // namespace offlineimap::maildir
