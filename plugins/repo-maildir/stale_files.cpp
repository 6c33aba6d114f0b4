// SPDX-License-Identifier: Apache-2.0
#include "stale_files.hpp"

#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr time_t stale_after = 36 * 3600;

struct CloseDirectory {
    void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

/// By its time of change: the time of modification is that of the message.
bool is_stale(int directory, const char* name) noexcept
{
    struct stat facts = {};
    return ::fstatat(directory, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(facts.st_mode)
        && ::time(nullptr) - facts.st_ctim.tv_sec > stale_after;
}

}  // namespace

void remove_stale_files(const Descriptor& tmp, const StemMaker& stems)
{
    Descriptor again(::openat(tmp.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::unique_ptr<DIR, CloseDirectory> stream(::fdopendir(again.get()));
    if (!stream) return;
    again.release();  // the stream's from here on
    while (const dirent64* entry = ::readdir64(stream.get()))
        if (stems.is_ours(entry->d_name) && is_stale(tmp.get(), entry->d_name))
            ::unlinkat(tmp.get(), entry->d_name, 0);
}

}  // namespace offlineimap::maildir
