// SPDX-License-Identifier: Apache-2.0
#include "name_probe.hpp"

#include "posix.hpp"
#include "text.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/fs.h>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

std::filesystem::path deepest_there(std::filesystem::path path)
{
    std::error_code ignored;
    while (!std::filesystem::is_directory(path, ignored) && path.has_relative_path())
        path = path.parent_path();
    return path;
}

/// 0, or why the file cannot be made.
int try_name(int directory, const std::string& name)
{
    const Descriptor file(
        ::openat(directory, name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (!file) return errno;
    ::unlinkat(directory, name.c_str(), 0);
    return 0;
}

/// A directory of ext4 or f2fs may fold case, and those in it then do as well.
bool is_marked_as_folding(int directory)
{
    int flags = 0;
    return ::ioctl(directory, FS_IOC_GETFLAGS, &flags) == 0 && (flags & FS_CASEFOLD_FL) != 0;
}

}  // namespace

bool takes_colons(const std::filesystem::path& root)
{
    const auto place = deepest_there(root);
    const Descriptor directory(::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || is_of_unix(directory.get())) return true;
    const std::string name = concat(".colon.", std::to_string(::getpid()));
    // Another reason, a disk without space or rights, forbids both.
    return try_name(directory.get(), concat(name, ":2,")) == 0
        || try_name(directory.get(), name) != 0;
}

bool folds_case(const std::filesystem::path& root)
{
    const auto place = deepest_there(root);
    const Descriptor directory(::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return false;
    if (is_of_unix(directory.get())) return is_marked_as_folding(directory.get());
    const std::string name = concat(".Case.", std::to_string(::getpid()));
    const std::string other = concat(".cASE.", std::to_string(::getpid()));
    const Descriptor file(
        ::openat(directory.get(), name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
    if (!file) return false;
    const bool same = ::faccessat(directory.get(), other.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    ::unlinkat(directory.get(), name.c_str(), 0);
    return same;
}

}  // namespace offlineimap::maildir
