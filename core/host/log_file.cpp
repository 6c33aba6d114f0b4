// SPDX-License-Identifier: Apache-2.0
#include "log_file.hpp"

#include "core/text/strings.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <ctime>

namespace offlineimap::core {

namespace {

std::string local_time(std::chrono::system_clock::time_point time)
{
    const auto seconds = std::chrono::system_clock::to_time_t(time);
    std::tm fields = {};
    ::localtime_r(&seconds, &fields);
    std::array<char, 32> text = {};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &fields);
    return {text.data(), size};
}

}  // namespace

std::string_view name_of(Level level)
{
    switch (level) {
    case Level::debug:
        return "DEBUG";
    case Level::info:
        return "INFO";
    case Level::warning:
        return "WARNING";
    default:
        return "ERROR";
    }
}

bool belongs_in_log(const Event& event)
{
    if (event.text.empty() || event.kind == EventKind::progress) return false;
    // A plugin's debug lines come only where the user asked for them; others always do.
    if (event.level == Level::debug && event.kind != EventKind::log) return false;
    return event.kind != EventKind::sleeping || event.done == 0;
}

LogFile::LogFile(const std::filesystem::path& file, std::string_view first_line)
    : file_(std::fopen(file.c_str(), "ae"))
{
    if (!file_)
        throw Error(
            Errc::config,
            concat("open log file ", file.string(), ": ", std::generic_category().message(errno)));
    Event event;
    event.text = first_line;
    event.time = std::chrono::system_clock::now();
    write(event);
}

void LogFile::write(const Event& event)
{
    const auto line =
        concat(local_time(event.time), " ", name_of(event.level), ": ", event.text, "\n");
    std::fwrite(line.data(), 1, line.size(), file_.get());
    std::fflush(file_.get());  // whoever follows the file sees it, and a crash loses none
}

void LogFile::show(const Event& event) noexcept
{
    if (file_ && belongs_in_log(event)) write(event);
}

void LogFile::close() noexcept
{
    file_.reset();
}

}  // namespace offlineimap::core
