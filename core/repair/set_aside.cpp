// SPDX-License-Identifier: Apache-2.0
#include "set_aside.hpp"

#include <offlineimap/error.hpp>

#include <array>
#include <ctime>
#include <system_error>

#include <sys/stat.h>

namespace offlineimap::core {

namespace {

namespace fs = std::filesystem;

std::string stamp(std::chrono::system_clock::time_point time)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm parts {};
    ::localtime_r(&seconds, &parts);
    std::array<char, 32> text {};
    const auto size = std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S", &parts);
    return {text.data(), size};
}

void move(const fs::path& from, const fs::path& to)
{
    std::error_code error;
    fs::rename(from, to, error);
    if (error)
        throw Error(
            Errc::io, Scope::repository, Retry::never,
            "move " + from.string() + " to " + to.string() + ": " + error.message());
}

/// A name that nothing has yet.
fs::path free_name(const fs::path& wanted)
{
    std::error_code error;
    fs::path name = wanted;
    for (int i = 2; fs::exists(fs::symlink_status(name, error)); ++i)
        name = wanted.string() + "-" + std::to_string(i);
    return name;
}

}  // namespace

std::optional<fs::path> file_named_in(std::string_view text, const fs::path& directory)
{
    std::optional<fs::path> longest;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().string();
        if (text.find(name) == text.npos) continue;
        if (!longest || name.size() > longest->string().size()) longest = name;
    }
    return longest;
}

fs::path
set_aside(const fs::path& file, const fs::path& top, std::chrono::system_clock::time_point now)
{
    const std::string ending = ".corrupt-" + stamp(now);
    fs::path place = file.string() + ending;
    if (file.parent_path() != top) {
        const fs::path folder = file.parent_path().string() + ending;
        ::mkdir(folder.c_str(), 0700);
        place = folder / file.filename();
    }
    place = free_name(place);
    move(file, place);
    std::error_code error;
    for (const char* companion : {"-journal", "-wal", "-shm"})
        if (const fs::path beside = file.string() + companion; fs::exists(beside, error))
            move(beside, place.string() + companion);
    return place;
}

}  // namespace offlineimap::core
