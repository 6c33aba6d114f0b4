// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "frames.hpp"

#include <span>

namespace offlineimap::status_plain {

/// A file of frames to which more are appended, locked as long as it is open. One thread at a time.
class FrameLog {
public:
    /// Makes it if needed. Throws busy.
    FrameLog(
        std::filesystem::path path, FrameKind kind, status::Subject subject, status::Durability);

    /// Before anything else: what it holds; what a crash cut short is removed from its end.
    void read(const std::function<void(std::string_view)>& frame);
    /// Durable on return; on throw nothing of them is there.
    void append(std::span<const std::string_view> frames);
    /// Not durable: a crash may bring back what there was.
    void clear();
    /// This frame and nothing else from now on. Not durable: a crash may bring the old ones back.
    void restart(std::string_view frame);
    /// The same, durable, and whole at every moment; `beside` is where it is written at first.
    void rewrite(const std::filesystem::path& beside, std::string_view frame);

    [[nodiscard]] std::uint64_t size() const noexcept { return end_.whole; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    void cut(std::uint64_t size);

    std::filesystem::path path_;
    FrameKind kind_;
    status::Subject subject_;
    status::Durability durability_;
    status::Descriptor file_;
    FrameEnd end_;
    bool broken_ = false;
};

}  // namespace offlineimap::status_plain
