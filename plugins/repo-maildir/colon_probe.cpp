// SPDX-License-Identifier: Apache-2.0
#include "colon_probe.hpp"

#include "posix.hpp"
#include "text.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
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

}  // namespace offlineimap::maildir
