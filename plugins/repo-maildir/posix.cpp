// SPDX-License-Identifier: Apache-2.0
#include "posix.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

Errc code_of(int number) noexcept
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return Errc::not_found;
    case EEXIST:
    case ENOTEMPTY:
        return Errc::exists;
    case EACCES:
    case EPERM:
    case EROFS:
        return Errc::permission;
    case ENOSPC:
    case EDQUOT:
        return Errc::quota;
    case ENAMETOOLONG:
        return Errc::rejected;
    case EXDEV:
    case EOPNOTSUPP:
        return Errc::unsupported;
    default:
        return Errc::io;
    }
}

Scope at_least(Scope scope, Scope least) noexcept
{
    return scope < least ? least : scope;
}

Scope scope_of(int number, Scope scope) noexcept
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EROFS:
        return at_least(scope, Scope::folder);
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return at_least(scope, Scope::session);
    default:
        return scope;
    }
}

/// For file systems that cannot refuse to replace: looks first, which leaves a gap of microseconds
/// in which nobody else is expected to make a file of our name.
int rename_after_look(
    int from, const std::string& name, int to, const std::string& new_name) noexcept
{
    struct stat there = {};
    if (::fstatat(to, new_name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
    if (errno != ENOENT) return errno;
    return ::renameat(from, name.c_str(), to, new_name.c_str()) == 0 ? 0 : errno;
}

}  // namespace

int Descriptor::close() noexcept
{
    const int number = std::exchange(number_, -1);
    // EINTR: Linux has closed it all the same.
    if (number < 0 || ::close(number) == 0 || errno == EINTR) return 0;
    return errno;
}

Error system_error(int number, Scope scope, std::string_view tried)
{
    const Errc code = code_of(number);
    const Retry retry = code == Errc::quota ? Retry::later : default_retry(code);
    return {
        code, scope_of(number, scope), retry,
        concat(tried, ": ", std::generic_category().message(number))};
}

Descriptor open_directory(int at, const char* name, std::string_view path)
{
    Descriptor directory(::openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) throw system_error(errno, Scope::folder, concat("open directory ", path));
    return directory;
}

int rename_file(int from, const std::string& name, int to, const std::string& new_name) noexcept
{
    if (::renameat2(from, name.c_str(), to, new_name.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    return rename_after_look(from, name, to, new_name);
}

int write_all(int file, std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        const ssize_t n = ::write(file, bytes.data(), bytes.size());
        if (n < 0 && errno != EINTR) return errno;
        if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return 0;
}

bool is_of_unix(int directory) noexcept
{
    // The "magic numbers" of statfs(2).
    constexpr std::array<std::uint32_t, 9> local = {
        0xEF53 /* ext */,       0x58465342 /* xfs */,   0x9123683E /* btrfs */,
        0x01021994 /* tmpfs */, 0xF2F52010 /* f2fs */,  0x794C7630 /* overlay */,
        0x2FC12FC1 /* zfs */,   0x858458F6 /* ramfs */, 0xCA451A4E /* bcachefs */};
    struct statfs facts = {};
    if (::fstatfs(directory, &facts) != 0) return false;
    const auto type = static_cast<std::uint32_t>(facts.f_type);
    return std::find(local.begin(), local.end(), type) != local.end();
}

}  // namespace offlineimap::maildir
