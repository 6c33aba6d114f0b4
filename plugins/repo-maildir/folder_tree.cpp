// SPDX-License-Identifier: Apache-2.0
#include "folder_tree.hpp"

#include "folder_name.hpp"
#include "keyword_file.hpp"
#include "md5.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr std::array<const char*, 3> message_directories = {"cur", "new", "tmp"};

struct CloseDirectory {
    void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};
using DirectoryStream = std::unique_ptr<DIR, CloseDirectory>;

/// The names of all entries that may be directories, sorted, without "." and "..".
std::vector<std::string> subdirectories(const Descriptor& directory, std::string_view path)
{
    Descriptor again = open_directory(directory.get(), ".", path);
    DirectoryStream stream(::fdopendir(again.get()));
    if (!stream) throw system_error(errno, Scope::repository, concat("list ", path));
    again.release();  // the stream's from here on
    std::vector<std::string> names;
    for (;;) {
        errno = 0;
        const dirent64* entry = ::readdir64(stream.get());
        // A list that breaks off would make the rest look removed.
        if (entry == nullptr && errno != 0)
            throw system_error(errno, Scope::repository, concat("list ", path));
        if (entry == nullptr) break;
        const std::string_view name = entry->d_name;
        if (name == "." || name == "..") continue;
        const bool possible =
            entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN || entry->d_type == DT_LNK;
        if (possible) names.emplace_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool is_anothers(int parent, const std::string& directory) noexcept
{
    struct stat facts = {};
    return ::fstatat(parent, directory.c_str(), &facts, 0) == 0 && facts.st_uid != ::geteuid();
}

/// Whether there is a directory of messages. Not to be able to tell is no answer: a folder that
/// seems to be gone would be made anew, or left out without a word. What belongs to somebody else
/// and may not be looked into (lost+found) is no folder.
bool is_directory(
    int parent, const std::string& directory, const char* below, std::string_view path,
    struct stat& facts)
{
    if (::fstatat(parent, concat(directory, "/", below).c_str(), &facts, 0) == 0)
        return S_ISDIR(facts.st_mode);
    const int reason = errno;
    if (reason == ENOENT || reason == ENOTDIR || reason == ELOOP) return false;
    if (reason == EACCES && is_anothers(parent, directory)) return false;
    throw system_error(reason, Scope::repository, concat("look at ", path, "/", below));
}

bool make_directory(int at, const std::string& name) noexcept
{
    return ::mkdirat(at, name.c_str(), 0700) == 0 || errno == EEXIST;
}

/// Makes every directory on the way that is missing.
void make_path(const std::string& path)
{
    for (std::size_t end = 0; end != std::string::npos;) {
        end = path.find('/', end + 1);
        const std::string part = path.substr(0, end);
        if (!make_directory(AT_FDCWD, part))
            throw system_error(errno, Scope::folder, concat("make directory ", part));
    }
}

/// Removes the files of one message directory and then itself.
void remove_directory(int folder, const char* name, const std::string& path)
{
    Descriptor directory(::openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!directory && errno == ENOENT) return;
    const std::string tried = concat("remove ", path, "/", name);
    if (!directory) throw system_error(errno, Scope::folder, tried);
    const DirectoryStream stream(::fdopendir(directory.get()));
    if (!stream) throw system_error(errno, Scope::folder, tried);
    const int number = directory.release();  // the stream's from here on
    while (const dirent64* entry = ::readdir64(stream.get())) {
        const std::string_view file = entry->d_name;
        if (file == "." || file == ".." || entry->d_type == DT_DIR) continue;
        if (::unlinkat(number, entry->d_name, 0) != 0 && errno != ENOENT)
            throw system_error(errno, Scope::folder, tried);
    }
    if (::unlinkat(folder, name, AT_REMOVEDIR) != 0)
        throw system_error(errno, Scope::folder, tried);
}

void flush_directory(const std::filesystem::path& path)
{
    const Descriptor directory = open_directory(AT_FDCWD, path.c_str(), path.string());
    if (::fsync(directory.get()) != 0)
        throw system_error(errno, Scope::folder, concat("flush directory ", path.string()));
}

bool holds_messages(const std::string& directory)
{
    return std::find(message_directories.begin(), message_directories.end(), directory)
        != message_directories.end();
}

}  // namespace

std::vector<FolderInfo> FolderTree::discover()
{
    auto found = look();
    const std::lock_guard lock(mutex_);
    told_.clear();
    for (const FolderInfo& info : found)
        told_.emplace(info.name, info.token);
    return found;
}

void FolderTree::tell(const Folder& folder, const std::string& token)
{
    const std::lock_guard lock(mutex_);
    told_[folder.name] = token;
}

std::vector<FolderPath> FolderTree::untold()
{
    const auto found = look();
    const std::lock_guard lock(mutex_);
    std::vector<FolderPath> paths;
    for (const FolderInfo& info : found) {
        const auto told = told_.find(info.name);
        if (told == told_.end() || told->second.empty() || told->second != info.token)
            paths.push_back(told == told_.end() ? FolderPath {} : info.path);
    }
    if (found.size() < told_.size()) paths.emplace_back();
    return paths;
}

std::vector<FolderInfo> FolderTree::look()
{
    const Descriptor root(::open(options_.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root)
        throw system_error(
            errno, Scope::repository, concat("open the Maildir's place ", options_.root.string()));
    std::vector<FolderInfo> found;
    if (options_.separator == "/")
        discover_nested(root, {}, nullptr, found);
    else
        discover_flat(root, found);
    return found;
}

void FolderTree::discover_flat(const Descriptor& root, std::vector<FolderInfo>& found)
{
    if (auto info = look_at(root.get(), ".", {})) found.push_back(std::move(*info));
    for (const std::string& name : subdirectories(root, options_.root.string()))
        if (auto info = look_at(root.get(), name, name)) found.push_back(std::move(*info));
}

/// The directories above one, to stop at a symbolic link that leads back up.
struct FolderTree::Ancestor {
    dev_t device;
    ino_t inode;
    const Ancestor* parent;

    bool is_or_is_below(const struct stat& directory) const noexcept
    {
        if (device == directory.st_dev && inode == directory.st_ino) return true;
        return parent != nullptr && parent->is_or_is_below(directory);
    }
};

void FolderTree::discover_nested(
    const Descriptor& directory, const std::string& name, const Ancestor* parent,
    std::vector<FolderInfo>& found)
{
    struct stat facts = {};
    if (::fstat(directory.get(), &facts) != 0)
        throw system_error(
            errno, Scope::repository, concat("look at ", (options_.root / name).string()));
    if (parent != nullptr && parent->is_or_is_below(facts)) return;
    if (!name.empty())
        if (auto info = look_at(directory.get(), ".", name)) found.push_back(std::move(*info));
    const Ancestor self {facts.st_dev, facts.st_ino, parent};
    for (const std::string& entry : subdirectories(directory, (options_.root / name).string())) {
        if (holds_messages(entry)) continue;
        const std::string below = name.empty() ? entry : concat(name, "/", entry);
        const Descriptor open(
            ::openat(directory.get(), entry.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (open)
            discover_nested(open, below, &self, found);
        else if (errno != ENOTDIR && errno != ENOENT && errno != ELOOP)
            throw system_error(
                errno, Scope::repository,
                concat("open directory ", (options_.root / below).string()));
    }
}

std::optional<FolderInfo>
FolderTree::look_at(int parent, const std::string& directory, const std::string& name)
{
    struct stat cur = {};
    struct stat fresh = {};
    const std::string path = (options_.root / name).string();
    if (!is_directory(parent, directory, "cur", path, cur)
        || !is_directory(parent, directory, "new", path, fresh))
        return std::nullopt;
    const Folder& folder = folder_of(name);
    FolderInfo info;
    info.index = folder.index;
    info.path = folder.path;
    info.name = name;
    info.separator = options_.separator;
    if (name == "INBOX") info.uses.add(FolderUse::inbox);
    info.epoch = maildir_epoch;
    const FolderStamps stamps {stamp_of(fresh), stamp_of(cur)};
    if (settled(stamps, system_time()))
        info.token = token_of(stamps, salt_of(folder, parent, directory));
    return info;
}

/// As OpenFolder::salt().
std::uint32_t
FolderTree::salt_of(const Folder& folder, int parent, const std::string& directory) const
{
    if (options_.keyword_file == KeywordFile::none) return folder.salt;
    const Descriptor open(::openat(parent, directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    return salted_with_keyword_names(folder.salt, open.get());
}

FolderInfo FolderTree::create(const FolderPath& path)
{
    const std::string name = join(path, options_.separator);
    if (!is_known(name)) check_path(path, options_.separator);
    const std::filesystem::path directory = name.empty() ? options_.root : options_.root / name;
    make_path(directory.string());
    for (const char* below : message_directories)
        make_path((directory / below).string());
    if (options_.flush == Flush::yes) {
        flush_directory(directory);
        flush_directory(directory.parent_path());
    }
    auto info = look_at(AT_FDCWD, directory.string(), name);
    if (!info) throw system_error(EIO, Scope::folder, concat("make folder ", directory.string()));
    tell(folder_of(name), info->token);
    return *info;
}

void FolderTree::erase(const FolderPath& path)
{
    const std::string name = join(path, options_.separator);
    if (!is_known(name)) check_path(path, options_.separator);
    const std::string directory = (options_.root / name).string();
    const Descriptor folder = open_directory(AT_FDCWD, directory.c_str(), directory);
    for (const char* below : message_directories)
        remove_directory(folder.get(), below, directory);
    // Folders below it, and files that are not ours, keep it in place.
    if (!name.empty() && ::rmdir(directory.c_str()) != 0 && errno != ENOTEMPTY && errno != EEXIST
        && errno != ENOTDIR)
        throw system_error(errno, Scope::folder, concat("remove directory ", directory));
    Folder& known = folder_of(name);
    const std::lock_guard lock(known.mutex);
    known.names.reset();
    known.listing_of_names = ++known.listings;
}

Folder& FolderTree::at(FolderIndex index)
{
    const std::lock_guard lock(mutex_);
    if (index >= folders_.size())
        throw Error(
            Errc::not_found,
            concat("no folder of this Maildir has number ", std::to_string(index)));
    return folders_[index];
}

std::optional<FolderIndex> FolderTree::with_mark(std::string_view md5) const
{
    const std::lock_guard lock(mutex_);
    const auto found = by_md5_.find(md5);
    if (found == by_md5_.end()) return std::nullopt;
    return found->second;
}

bool FolderTree::is_known(const std::string& name) const
{
    const std::lock_guard lock(mutex_);
    return by_name_.contains(name);
}

/// Gives a number to a name that is seen for the first time.
Folder& FolderTree::folder_of(const std::string& name)
{
    const auto known = [&]() -> Folder* {
        const auto found = by_name_.find(name);
        return found == by_name_.end() ? nullptr : &folders_[found->second];
    };
    std::unique_lock lock(mutex_);
    if (Folder* folder = known()) return *folder;
    lock.unlock();  // the name may come from the user's own code
    const std::string visible = visible_name_ ? visible_name_(name) : name;
    lock.lock();
    if (Folder* folder = known()) return *folder;
    Folder& folder = folders_.emplace_back();
    folder.index = static_cast<FolderIndex>(folders_.size() - 1);
    folder.name = name;
    folder.path = split(name, options_.separator);
    folder.md5 = md5_hex(visible);
    folder.salt = visible == name ? options_.listing_salt : salted(options_.listing_salt, visible);
    by_name_.emplace(name, folder.index);
    by_md5_.emplace(folder.md5, folder.index);
    return folder;
}

}  // namespace offlineimap::maildir
