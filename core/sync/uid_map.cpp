// SPDX-License-Identifier: Apache-2.0
#include "uid_map.hpp"

#include "file_error.hpp"
#include "pairing.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

namespace offlineimap::sync {
namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    Descriptor(const fs::path& file, int flags) : fd_(::open(file.c_str(), flags | O_CLOEXEC, 0600))
    {
        if (fd_ < 0) throw_errno("open", file);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { ::close(fd_); }
    int get() const { return fd_; }

private:
    int fd_;
};

bool is_uid(std::string_view text)
{
    constexpr std::size_t most_digits = 18;
    return !text.empty() && text.size() <= most_digits && text.front() != '0'
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Nothing when there is no such file. One that cannot be read must not be taken for that: all its
/// messages would be new.
std::optional<std::string> read(const fs::path& file)
{
    if (::access(file.c_str(), F_OK) != 0 && errno == ENOENT) return std::nullopt;
    const Descriptor in(file, O_RDONLY);
    std::string text;
    std::array<char, 65536> chunk {};
    for (;;) {
        const auto size = ::read(in.get(), chunk.data(), chunk.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) throw_errno("read", file);
        if (size == 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(size));
    }
}

UidMap::LeftByRight parse(std::string_view text, const fs::path& file)
{
    UidMap::LeftByRight ids;
    for (int number = 1; !text.empty(); ++number) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto colon = line.find(':');
        const auto left = line.substr(0, colon);
        const auto right = colon == line.npos ? line.substr(line.size()) : line.substr(colon + 1);
        if (!is_uid(left) || !is_uid(right))
            throw Error(
                Errc::corrupt,
                "read " + file.string() + ": line " + std::to_string(number)
                    + " is not LOCALUID:REMOTEUID; restore the file from a copy, or remove it: "
                      "then the messages are compared by their content");
        ids[{std::string(right)}] = {std::string(left)};
    }
    return ids;
}

std::string text_of(const UidMap::LeftByRight& ids)
{
    std::string text;
    for (const auto& [right, left] : ids)
        if (is_uid(left.value) && is_uid(right.value))
            text += left.value + ":" + right.value + "\n";
    return text;
}

void write(const fs::path& file, std::string_view text)
{
    const Descriptor out(file, O_WRONLY | O_CREAT | O_TRUNC);
    while (!text.empty()) {
        const auto size = ::write(out.get(), text.data(), text.size());
        if (size < 0) throw_errno("write", file);
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    if (::fsync(out.get()) != 0) throw_errno("flush", file);
}

/// The original waits for it, too, when it reads or writes the file.
void lock(const Descriptor& file)
{
    struct flock wanted { };
    wanted.l_type = F_WRLCK;
    wanted.l_whence = SEEK_SET;
    while (::fcntl(file.get(), F_SETLKW, &wanted) != 0 && errno == EINTR) { }
}

}  // namespace

UidMap::UidMap(const fs::path& state) : directory_(state / "UIDMapping") { }

fs::path UidMap::file(const std::string& folder) const
{
    return directory_ / file_name(folder);
}

UidMap::LeftByRight UidMap::load(const std::string& folder) const
{
    const auto path = file(folder);
    const auto text = read(path);
    return text ? parse(*text, path) : LeftByRight();
}

void UidMap::save(const std::string& folder, const LeftByRight& ids) const
{
    const auto path = file(folder);
    const auto text = text_of(ids);
    if (text.empty() && !read(path)) return;
    ::mkdir(directory_.c_str(), 0700);
    const Descriptor guard(path.string() + ".lock", O_WRONLY | O_CREAT);
    lock(guard);
    if (read(path) == text) return;
    const auto temporary = path.string() + ".tmp";
    write(temporary, text);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw_errno("rename", temporary);
}

std::string UidMap::stamp(const std::string& folder) const
{
    struct stat facts { };
    if (::stat(file(folder).c_str(), &facts) != 0) return errno == ENOENT ? "none" : "unknown";
    return std::to_string(facts.st_ino) + "." + std::to_string(facts.st_size) + "."
        + std::to_string(facts.st_mtim.tv_sec) + "." + std::to_string(facts.st_mtim.tv_nsec);
}

}  // namespace offlineimap::sync
