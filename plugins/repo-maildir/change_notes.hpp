// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "posix.hpp"

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

namespace offlineimap::maildir {

/// The lines of FileChanges. Thread-safe. Nothing it meets concerns the mail.
class ChangeNotes {
public:
    void begin(const std::filesystem::path& file);
    bool end();

    /// Paths are made of a directory and a name in it.
    struct Path {
        std::string_view directory, subdirectory, name;
    };
    void note(std::string_view what, const Path& path) noexcept;
    void note(std::string_view what, const Path& path, const Path& before) noexcept;

private:
    void write(std::string_view line);
    void flush();

    std::mutex mutex_;
    Descriptor file_;
    std::string buffer_;
    bool complete_ = true;
};

}  // namespace offlineimap::maildir
