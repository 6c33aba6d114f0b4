// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::status {
namespace {

namespace fs = std::filesystem;

bool is_named(const Descriptor& file, const fs::path& path)
{
    struct stat here = {}, there = {};
    return ::fstat(file.get(), &here) == 0 && ::stat(path.c_str(), &there) == 0
        && here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

std::string read_descriptor(int file, const fs::path& path, Scope scope)
{
    struct stat facts = {};
    if (::fstat(file, &facts) != 0) throw system_error(errno, scope, "read", path);
    std::string bytes(static_cast<std::size_t>(std::max<off_t>(facts.st_size, 0)), '\0');
    std::size_t at = 0;
    while (at < bytes.size()) {
        const ssize_t count =
            ::pread(file, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw system_error(errno, scope, "read", path);
        if (count == 0) break;
        at += static_cast<std::size_t>(count);
    }
    bytes.resize(at);
    return bytes;
}

}  // namespace

Subject folder_subject(std::string_view folder)
{
    return {.name = concat("status of ", folder)};
}

Error system_error(int number, Scope scope, std::string_view action, const fs::path& path)
{
    const Errc code =
        number == EACCES || number == EPERM || number == EROFS ? Errc::permission : Errc::io;
    return {
        code, scope, default_retry(code),
        concat(action, " ", path.string(), ": ", std::strerror(number))};
}

Error corrupt(const Subject& subject, const fs::path& file, std::string_view why)
{
    return {
        Errc::corrupt, subject.scope, Retry::never,
        concat("read ", subject.name, " in ", file.string(), ": ", why)};
}

void check_name(std::string_view folder)
{
    const bool bad = folder.empty() || folder == "." || folder == ".."
        || folder.find('/') != std::string_view::npos
        || folder.find('\0') != std::string_view::npos;
    if (bad)
        throw Error(
            Errc::unsupported, concat("open the status of \"", folder, "\": not a file name"));
}

bool is_there(const fs::path& path)
{
    std::error_code error;
    return fs::exists(path, error) || error;
}

void create_directory(const fs::path& path, Durability durability)
{
    if (::mkdir(path.c_str(), 0700) == 0)
        flush_directory(path.parent_path(), durability);
    else if (errno != EEXIST)
        throw system_error(errno, Scope::repository, "create", path);
}

void flush_directory(const fs::path& path, Durability durability)
{
    if (durability == Durability::unflushed) return;
    const Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) throw system_error(errno, Scope::repository, "open", path);
    if (::fsync(directory.get()) != 0) throw system_error(errno, Scope::repository, "flush", path);
}

void remove_file(const fs::path& path)
{
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        throw system_error(errno, Scope::folder, "remove", path);
}

Descriptor::~Descriptor()
{
    if (number_ >= 0) ::close(number_);
}

Descriptor open_locked(const fs::path& path, const Subject& subject)
{
    for (;;) {
        Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        if (!file) throw system_error(errno, subject.scope, "open", path);
        if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) throw system_error(errno, subject.scope, "lock", path);
            throw Error(
                Errc::busy, subject.scope, default_retry(Errc::busy),
                concat(
                    "open ", subject.name, " in ", path.string(), ": another process has it open"));
        }
        // Whoever held it before may have removed it: what we have locked is then nobody's.
        if (is_named(file, path)) return file;
    }
}

std::string read_all(const Descriptor& file, const fs::path& path, Scope scope)
{
    return read_descriptor(file.get(), path, scope);
}

std::string read_file(const fs::path& path, Scope scope)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file && errno == ENOENT) return {};
    if (!file) throw system_error(errno, scope, "open", path);
    return read_descriptor(file.get(), path, scope);
}

void write_all(const Descriptor& file, std::string_view bytes, const fs::path& path, Scope scope)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) throw system_error(errno, scope, "write", path);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

}  // namespace offlineimap::status
