// SPDX-License-Identifier: Apache-2.0
#include "line_ends.hpp"

#include <cstddef>

namespace offlineimap::maildir {
void BareLineFeeds::count(std::string_view piece) noexcept
{
    for (std::size_t at = piece.find('\n'); at != std::string_view::npos;
         at = piece.find('\n', at + 1))
        if ((at == 0 ? last_ : piece[at - 1]) != '\r') ++total_;
    if (!piece.empty()) last_ = piece.back();
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
