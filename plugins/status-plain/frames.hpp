// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-status/files.hpp"

#include <functional>
#include <string>
#include <string_view>

// A file of ours: a line that says what it is and of which version, then frames. A frame is a mark,
// its number in the file, the size of what it holds, a CRC-32 of all that, and what it holds;
// numbers are of four bytes, least first.

namespace offlineimap::status_plain {

/// What such a file must begin with.
struct FrameKind {
    std::string_view name;  ///< "offlineimap status log "
    std::string_view version;
    [[nodiscard]] std::string head() const;
};

void append_frame(std::string& out, std::uint32_t number, std::string_view content);

struct FrameEnd {
    std::uint64_t whole = 0;  ///< bytes up to the end of the last whole frame
    std::uint32_t count = 0;
};

/// Hands over what each frame holds, up to the last whole one. What a write that was cut short left
/// behind it is passed over: that write never ended. Throws corrupt for anything else.
FrameEnd read_frames(
    std::string_view bytes, const FrameKind& kind, const status::Subject& subject,
    const std::filesystem::path& file, const std::function<void(std::string_view)>& frame);

}  // namespace offlineimap::status_plain
