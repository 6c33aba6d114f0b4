// SPDX-License-Identifier: Apache-2.0
#include "change_token.hpp"

#include "posix.hpp"
#include "text.hpp"

#include <algorithm>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr std::int64_t second = 1'000'000'000;
/// Longer than any timer tick.
constexpr std::int64_t fine_margin = second / 20;
/// FAT counts in steps of two seconds.
constexpr std::int64_t coarse_margin = 2 * second + fine_margin;

std::int64_t nanoseconds(const timespec& time) noexcept
{
    return time.tv_sec * second + time.tv_nsec;
}

bool whole_seconds(const DirectoryStamp& stamp) noexcept
{
    return stamp.modified % second == 0 && stamp.changed % second == 0;
}

void append(std::string& token, const DirectoryStamp& stamp)
{
    token.append(concat(
        " ", std::to_string(stamp.inode), ".", std::to_string(stamp.modified), ".",
        std::to_string(stamp.changed)));
}

}  // namespace

DirectoryStamp stamp_of(const struct stat& facts) noexcept
{
    return {facts.st_ino, nanoseconds(facts.st_mtim), nanoseconds(facts.st_ctim)};
}

bool settled(const FolderStamps& stamps, std::int64_t now) noexcept
{
    const std::int64_t last = std::max(
        {stamps.fresh.modified, stamps.fresh.changed, stamps.cur.modified, stamps.cur.changed});
    const bool coarse = whole_seconds(stamps.fresh) && whole_seconds(stamps.cur);
    return now - last > (coarse ? coarse_margin : fine_margin);
}

std::string token_of(const FolderStamps& stamps, std::uint32_t salt)
{
    std::string token = concat("1 ", std::to_string(salt));
    append(token, stamps.fresh);
    append(token, stamps.cur);
    return token;
}

std::int64_t system_time() noexcept
{
    timespec now = {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return nanoseconds(now);
}

std::int64_t file_system_time(int folder)
{
    if (is_of_unix(folder)) return system_time();
    const std::string name = concat("tmp/.clock.", std::to_string(::getpid()));
    const Descriptor probe(
        ::openat(folder, name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (!probe) return system_time();
    struct stat facts = {};
    const bool known = ::fstat(probe.get(), &facts) == 0;
    ::unlinkat(folder, name.c_str(), 0);
    return known ? nanoseconds(facts.st_mtim) : system_time();
}

}  // namespace offlineimap::maildir
