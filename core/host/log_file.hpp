// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

#include <filesystem>
#include <memory>
#include <string>

#include <cstdio>

namespace offlineimap::core {

/// "WARNING" and so on, as the original's log files have it.
[[nodiscard]] std::string_view name_of(Level level);

/// Whether an event belongs in a log: not those that are said many times a second.
[[nodiscard]] bool belongs_in_log(const Event& event);

/// Appends everything that happens to a file: "2026-11-22 16:31:05 INFO: text".
class LogFile final : public Ui {
public:
    /// `first_line` opens this run's part. Throws Error{config} when the file cannot be opened.
    LogFile(const std::filesystem::path& file, std::string_view first_line);

    void show(const Event& event) noexcept override;
    void close() noexcept override;

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    void write(const Event& event);

    std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace offlineimap::core
