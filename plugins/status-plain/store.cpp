// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include "folder.hpp"

#include <set>
#include <system_error>

namespace offlineimap::status_plain {
namespace {

namespace fs = std::filesystem;
using namespace status;

std::vector<fs::path> files_in(const fs::path& directory)
{
    std::vector<fs::path> files;
    if (!is_there(directory)) return files;
    std::error_code error;
    for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code unseen;
        const bool is_file = entry->is_regular_file(unseen);
        if (unseen && unseen != std::errc::no_such_file_or_directory)
            throw system_error(unseen.value(), Scope::repository, "look at", entry->path());
        if (is_file) files.push_back(entry->path());
    }
    if (error) throw system_error(error.value(), Scope::repository, "list", directory);
    return files;
}

}  // namespace

PlainStore::PlainStore(Host& host)
    : host_(host)
    , durability_(host.settings().flag("fsync") ? Durability::flushed : Durability::unflushed)
    , letters_(host.settings())
    , notes_(durability_)
{
}

fs::path PlainStore::originals() const
{
    return host_.state_dir() / "LocalStatus";
}

fs::path PlainStore::ours() const
{
    return host_.state_dir() / "LocalStatus-plain";
}

FolderPaths PlainStore::paths(std::string_view folder) const
{
    const fs::path own = ours();
    return {
        .original = originals() / folder,
        .log = own / "log" / folder,
        .extra = own / "extra" / folder,
        .original_beside = own / "new" / folder,
        .extra_beside = own / "new-extra" / folder};
}

Notes::Paths PlainStore::notes_paths() const
{
    return {ours() / "notes", ours() / "new-notes"};
}

void PlainStore::create_directories() const
{
    create_directory(originals(), durability_);
    create_directory(ours(), durability_);
    for (const char* name : {"log", "extra", "new", "new-extra"})
        create_directory(ours() / name, durability_);
}

/// What the original was writing when it was ended. A folder of such a name has a log.
bool PlainStore::is_leftover(const fs::path& file) const
{
    const std::string name = file.filename().string();
    if (!name.ends_with(".tmp") || is_there(paths(name).log)) return false;
    return is_there(file.parent_path() / name.substr(0, name.size() - 4));
}

std::vector<std::string> PlainStore::folders()
{
    std::set<std::string> names;
    for (const fs::path& file : files_in(originals()))
        if (!is_leftover(file)) names.insert(file.filename().string());
    for (const fs::path& file : files_in(ours() / "log")) {
        // A folder that is left out for an error would be one that nothing is known of.
        std::error_code unseen;
        const auto size = fs::file_size(file, unseen);
        if (unseen && unseen != std::errc::no_such_file_or_directory)
            throw system_error(unseen.value(), Scope::repository, "look at", file);
        if (!unseen && size > 0) names.insert(file.filename().string());
    }
    return {names.begin(), names.end()};
}

std::unique_ptr<StatusFolder> PlainStore::open(std::string_view folder)
{
    check_name(folder);
    create_directories();
    return std::make_unique<PlainFolder>(
        host_, paths(folder), folder_subject(folder), durability_, letters_);
}

/// The notes first: a kept token without the records it stands for would hide the loss. The log
/// last: while there is a part of the original's file, it belongs to it.
void PlainStore::erase(std::string_view folder)
{
    check_name(folder);
    notes_.forget(notes_paths(), folder);
    const FolderPaths files = paths(folder);
    if (!is_there(files.original) && !is_there(files.log)) return;
    create_directories();
    const Descriptor held = open_locked(files.log, folder_subject(folder));
    for (const fs::path& file : {files.extra, files.original}) {
        remove_file(file);
        flush_directory(file.parent_path(), durability_);
    }
    remove_file(files.log);
    flush_directory(files.log.parent_path(), durability_);
}

std::vector<Note> PlainStore::notes()
{
    return notes_.all(notes_paths());
}

void PlainStore::put(std::span<const Note> notes)
{
    if (!notes.empty()) create_directory(ours(), durability_);
    notes_.put(notes_paths(), notes);
}

void* PlainStore::facet(std::string_view name) noexcept
{
    return name == StatusFiles::facet_name ? static_cast<StatusFiles*>(this) : nullptr;
}

fs::path PlainStore::file(std::string_view folder) const
{
    return originals() / folder;
}

}  // namespace offlineimap::status_plain
