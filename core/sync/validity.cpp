// SPDX-License-Identifier: Apache-2.0
#include "validity.hpp"

#include "file_error.hpp"
#include "pairing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace offlineimap::sync {
namespace {

/// What does not fit is a full disk.
bool write_whole(int fd, const std::string& text)
{
    const auto size = ::write(fd, text.data(), text.size());
    if (size >= 0) errno = ENOSPC;
    return size == static_cast<ssize_t>(text.size());
}

bool is_one_word(const std::string& text)
{
    return !text.empty() && text.size() < 200
        && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

FolderValidity::FolderValidity(const std::filesystem::path& state, Flush flush, const char* kind)
    : directory_(state / kind), flush_(flush)
{
}

std::filesystem::path FolderValidity::file(const std::string& folder) const
{
    return directory_ / file_name(folder);
}

std::string FolderValidity::load(const std::string& folder) const
{
    const auto path = file(folder);
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return {};
    if (fd < 0) throw_errno("open", path);
    std::array<char, 256> text {};
    const auto size = ::read(fd, text.data(), text.size());
    ::close(fd);
    if (size < 0) throw_errno("read", path);
    std::string epoch(text.data(), static_cast<std::size_t>(size));
    while (!epoch.empty() && (epoch.back() == '\n' || epoch.back() == '\r' || epoch.back() == ' '))
        epoch.pop_back();
    if (!is_one_word(epoch))
        throw Error(
            Errc::corrupt,
            "read the number of a folder in " + path.string() + ": it holds no number");
    return epoch;
}

void FolderValidity::save(const std::string& folder, const std::string& epoch) const
{
    ::mkdir(directory_.c_str(), 0700);
    const auto path = file(folder);
    const auto temporary = path.string() + ".tmp";
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) throw_errno("open", temporary);
    // Renamed before it is on disk, the name could stand for an empty file after a power failure.
    const bool written =
        write_whole(fd, epoch + "\n") && (flush_ == Flush::no || ::fdatasync(fd) == 0);
    const int error = errno;
    const bool closed = ::close(fd) == 0;
    if (!written) errno = error;
    if (!written || !closed) throw_errno("write", temporary);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw_errno("rename", temporary);
}

}  // namespace offlineimap::sync
