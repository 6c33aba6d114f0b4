// SPDX-License-Identifier: Apache-2.0
#include "listing.hpp"

#include "text.hpp"

#include <cerrno>
#include <cstddef>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr std::size_t buffer_size = 256 * 1024;
constexpr int most_readings = 3;

using Buffer = std::unique_ptr<std::byte[]>;

DirectoryStamp stamp_of_open(int directory, std::string_view path)
{
    struct stat facts = {};
    if (::fstat(directory, &facts) != 0)
        throw system_error(errno, Scope::folder, concat("look at directory ", path));
    return stamp_of(facts);
}

/// A symbolic link to a message counts as one; a name that begins with a dot does not.
bool may_be_message(const dirent64& entry) noexcept
{
    if (entry.d_name[0] == '.') return false;
    return entry.d_type == DT_REG || entry.d_type == DT_UNKNOWN || entry.d_type == DT_LNK;
}

void add_entries(const std::byte* from, std::size_t size, Subdirectory where, NameIndex& names)
{
    for (std::size_t at = 0; at < size;) {
        const auto& entry = *reinterpret_cast<const dirent64*>(from + at);
        if (may_be_message(entry)) names.add(where, entry.d_name);
        at += entry.d_reclen;
    }
}

void read_directory(
    const Directories& directories, Subdirectory where, const Buffer& buffer, const Cancel& cancel,
    NameIndex& names)
{
    const int directory = directories.at(where);
    if (::lseek(directory, 0, SEEK_SET) < 0)
        throw system_error(errno, Scope::folder, concat("list ", directories.path));
    for (;;) {
        cancel.check();
        const ssize_t size = ::getdents64(directory, buffer.get(), buffer_size);
        if (size < 0) throw system_error(errno, Scope::folder, concat("list ", directories.path));
        if (size == 0) return;
        add_entries(buffer.get(), static_cast<std::size_t>(size), where, names);
    }
}

Descriptor open_listed(int at, const char* name, const std::string& path, AccessTime access_time)
{
    // A listing leaves the access time of its directory alone if the user wants that; only the
    // directory's owner may ask for it.
    if (access_time == AccessTime::kept) {
        Descriptor directory(::openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOATIME));
        if (directory) return directory;
    }
    return open_directory(at, name, concat(path, "/", name));
}

}  // namespace

Directories open_directories(const Options& options, const std::string& directory)
{
    Directories open;
    open.path = directory.empty() ? options.root.string() : (options.root / directory).string();
    open.folder = open_directory(AT_FDCWD, open.path.c_str(), open.path);
    open.fresh = open_listed(open.folder.get(), "new", open.path, options.access_time);
    open.cur = open_listed(open.folder.get(), "cur", open.path, options.access_time);
    return open;
}

FolderStamps stamps_of(const Directories& directories)
{
    return {
        stamp_of_open(directories.fresh.get(), directories.path),
        stamp_of_open(directories.cur.get(), directories.path)};
}

Listing list_folder(
    const Directories& directories, std::string_view md5, const Options& options,
    const Cancel& cancel)
{
    const Buffer buffer = std::make_unique<std::byte[]>(buffer_size);
    NameIndex names(md5, options.info_separator);
    FolderStamps before = stamps_of(directories);
    const std::int64_t begun = file_system_time(directories.folder.get());
    for (int reading = 1;; ++reading) {
        // new first: a file that a mail reader takes from new to cur meanwhile is seen at least
        // once.
        for (const Subdirectory where : {Subdirectory::fresh, Subdirectory::cur})
            read_directory(directories, where, buffer, cancel, names);
        const FolderStamps after = stamps_of(directories);
        const bool steady = after == before;
        if (steady && reading == 1 && settled(after, begun)) {
            names.settle(SameBase::two_files);
            return {std::move(names), after, true};
        }
        before = after;
        if (reading == most_readings || (steady && reading > 1)) break;
    }
    names.settle(SameBase::one_seen_twice);
    return {std::move(names), before, false};
}

}  // namespace offlineimap::maildir
