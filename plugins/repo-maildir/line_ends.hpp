// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// On disk a line ends with LF, on the wire with CRLF. Nothing else is touched: NUL, 8-bit, a CR
// without LF, a missing last line end, an LF that has its CR on disk already.

namespace offlineimap::maildir {

/// Goes over a text in pieces and counts the LFs that have no CR before them: how much longer the
/// text is with CRLF line ends.
class BareLineFeeds {
public:
    void count(std::string_view piece) noexcept;
    std::uint64_t total() const noexcept { return total_; }

private:
    std::uint64_t total_ = 0;
    char last_ = '\0';
};

/// Turns a text in pieces into one with CRLF line ends.
class ToCrlf {
public:
    /// Appends the piece to `out`.
    void convert(std::string_view piece, std::string& out);

private:
    char last_ = '\0';
};

/// Turns a text in pieces into one with LF line ends. A CR at the end of a piece is kept back until
/// the next one shows whether an LF follows.
class ToLf {
public:
    /// Appends the piece to `out`.
    void convert(std::string_view piece, std::string& out);
    /// The text is complete.
    void finish(std::string& out);

private:
    bool held_cr_ = false;
};

}  // namespace offlineimap::maildir
