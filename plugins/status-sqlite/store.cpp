// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include "common-status/text.hpp"
#include "folder.hpp"

#include <array>
#include <fstream>
#include <system_error>

namespace offlineimap::status_sqlite {
namespace {

namespace fs = std::filesystem;
using namespace status;

/// What SQLite appends to a database's name for files of its own.
constexpr std::array<std::string_view, 3> companions = {"-journal", "-wal", "-shm"};

fs::path with_suffix(const fs::path& path, std::string_view suffix)
{
    return path.string() + std::string(suffix);
}

bool is_database(const fs::path& path)
{
    constexpr std::string_view magic = "SQLite format 3";
    std::array<char, magic.size()> head {};
    std::ifstream file(path, std::ios::binary);
    return file.read(head.data(), head.size())
        && std::string_view(head.data(), head.size()) == magic;
}

/// The database whose companion the name of `path` would be; empty if none.
fs::path owner(const fs::path& path)
{
    const std::string name = path.string();
    for (const std::string_view suffix : companions)
        if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
    return {};
}

[[noreturn]] void fail_collision(const fs::path& path, std::string_view companion)
{
    throw Error(
        Errc::unsupported,
        concat(
            "open the status in ", path.string(), ": SQLite would take the status in ", companion,
            " for a scratch file of it and destroy one or the other; give one of the folders "
            "another name"));
}

/// A folder "a-journal" beside a folder "a": each would be the end of the other.
void check_collision(const fs::path& path)
{
    for (const std::string_view suffix : companions)
        if (const auto other = with_suffix(path, suffix); is_database(other))
            fail_collision(path, other.string());
    if (const auto other = owner(path); !other.empty() && is_there(other))
        fail_collision(other, path.string());
}

/// Waits until nobody else has the file open; one that is no database can be removed as it is.
std::optional<Database> hold(const fs::path& path, std::string_view folder)
{
    try {
        return std::optional<Database>(
            std::in_place, path, folder_subject(folder), Durability::unflushed);
    } catch (const Error& error) {
        if (error.code() != Errc::corrupt) throw;
        return std::nullopt;
    }
}

}  // namespace

SqliteStore::SqliteStore(Host& host)
    : host_(host)
    , durability_(host.settings().flag("fsync") ? Durability::flushed : Durability::unflushed)
    , letters_(host.settings())
    , notes_(durability_)
{
}

fs::path SqliteStore::directory() const
{
    // Absolute: SQLite reads a name that begins with "file:" as an address.
    return fs::absolute(host_.state_dir()) / "LocalStatus-sqlite";
}

fs::path SqliteStore::notes_file() const
{
    return fs::absolute(host_.state_dir()) / "LocalStatus-notes.sqlite";
}

std::vector<std::string> SqliteStore::folders()
{
    std::vector<std::string> names;
    std::error_code error;
    const fs::path path = directory();
    if (!is_there(path)) return names;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error)) {
        // A folder that is left out for an error would be one that nothing is known of.
        std::error_code unseen;
        const bool is_file = entry->is_regular_file(unseen);
        if (unseen && unseen != std::errc::no_such_file_or_directory)
            throw system_error(unseen.value(), Scope::repository, "look at", entry->path());
        if (!is_file) continue;
        if (const auto other = owner(entry->path()); !other.empty() && is_there(other)) continue;
        names.push_back(entry->path().filename().string());
    }
    if (error) throw system_error(error.value(), Scope::repository, "list", path);
    return names;
}

std::unique_ptr<StatusFolder> SqliteStore::open(std::string_view folder)
{
    check_name(folder);
    create_directory(directory(), durability_);
    const fs::path path = directory() / folder;
    check_collision(path);
    auto opened =
        std::make_unique<SqliteFolder>(path, folder_subject(folder), durability_, letters_);
    if (opened->was_upgraded())
        host_.log(
            Level::info, concat("upgraded the status of ", folder, " from version 1 to version 2"));
    return opened;
}

/// The notes first: a kept token without the records it stands for would hide the loss.
void SqliteStore::erase(std::string_view folder)
{
    check_name(folder);
    notes_.forget(notes_file(), folder);
    const fs::path path = directory() / folder;
    if (!is_there(path)) return;
    check_collision(path);
    const auto held = hold(path, folder);
    remove_file(with_suffix(path, "-journal"));
    remove_file(path);
    flush_directory(directory(), durability_);
}

std::vector<Note> SqliteStore::notes()
{
    return notes_.all(notes_file());
}

void SqliteStore::put(std::span<const Note> notes)
{
    notes_.put(notes_file(), notes);
}

void* SqliteStore::facet(std::string_view name) noexcept
{
    return name == StatusFiles::facet_name ? static_cast<StatusFiles*>(this) : nullptr;
}

fs::path SqliteStore::file(std::string_view folder) const
{
    return directory() / folder;
}

}  // namespace offlineimap::status_sqlite
