// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include "folder.hpp"

#include <system_error>

namespace offlineimap::status_lmdb {

using namespace status;

namespace {

/// LMDB makes a new environment of an empty file. One that had folders in it was not empty.
void check_not_emptied(const std::filesystem::path& file, const std::filesystem::path& folders)
{
    std::error_code none;
    if (std::filesystem::file_size(file, none) != 0 || none) return;
    if (std::filesystem::is_empty(folders, none) || none) return;
    throw corrupt({"status of the account", Scope::repository}, file, "it has been emptied");
}

}  // namespace

LmdbStore::LmdbStore(Host& host)
    : host_(host)
    , durability_(host.settings().flag("fsync") ? Durability::flushed : Durability::unflushed)
{
}

std::filesystem::path LmdbStore::directory() const
{
    return host_.state_dir() / "LocalStatus-lmdb";
}

Environment* LmdbStore::environment(Missing missing)
{
    const std::lock_guard lock(opening_);
    if (environment_) return environment_.get();
    const auto path = directory();
    if (missing == Missing::leave && !is_there(path / "data.mdb")) return nullptr;
    create_directory(path, durability_);
    create_directory(path / "open", durability_);
    check_not_emptied(path / "data.mdb", path / "open");
    environment_ = std::make_unique<Environment>(path, durability_);
    flush_directory(path, durability_);
    return environment_.get();
}

/// LMDB lets any number of processes in; a folder is one's alone.
Descriptor LmdbStore::hold(std::string_view folder) const
{
    return open_locked(directory() / "open" / folder, folder_subject(folder));
}

std::vector<std::string> LmdbStore::folders()
{
    std::vector<std::string> names;
    const auto* opened = environment(Missing::leave);
    if (opened == nullptr) return names;
    opened->read([&](const Transaction& transaction) {
        names.clear();
        transaction.scan(folder_prefix, folder_prefix, [&](std::string_view key, auto) {
            names.emplace_back(key.substr(folder_prefix.size()));
            return true;
        });
    });
    return names;
}

std::unique_ptr<StatusFolder> LmdbStore::open(std::string_view folder)
{
    check_name(folder);
    auto& opened = *environment(Missing::create);
    return std::make_unique<LmdbFolder>(opened, std::string(folder), hold(folder));
}

void LmdbStore::erase(std::string_view folder)
{
    check_name(folder);
    auto* opened = environment(Missing::leave);
    if (opened == nullptr) return;
    const auto held = hold(folder);
    opened->write([&](Transaction& transaction) {
        transaction.erase_all(notes_prefix(folder));
        const auto value = transaction.get(folder_key(folder));
        if (!value) return;
        const auto entry = unpack_folder(*value);
        if (!entry) opened->fail_corrupt("the entry of a folder makes no sense");
        transaction.erase_all(records_prefix(entry->number));
        transaction.erase(folder_key(folder));
    });
    remove_file(directory() / "open" / folder);
}

std::vector<Note> LmdbStore::notes()
{
    std::vector<Note> notes;
    const auto* opened = environment(Missing::leave);
    if (opened == nullptr) return notes;
    opened->read([&](const Transaction& transaction) {
        notes.clear();
        transaction.scan(
            all_notes_prefix, all_notes_prefix, [&](std::string_view key, std::string_view value) {
                auto note = note_of(key);
                if (!note) opened->fail_corrupt("the key of a note makes no sense");
                note->value = value;
                notes.push_back(std::move(*note));
                return true;
            });
    });
    return notes;
}

void LmdbStore::put(std::span<const Note> notes)
{
    if (notes.empty()) return;
    environment(Missing::create)->write([notes](Transaction& transaction) {
        for (const Note& note : notes) {
            const std::string key = note_key(note.folder, note.name);
            if (note.value.empty())
                transaction.erase(key);
            else
                transaction.put(key, note.value);
        }
    });
}

}  // namespace offlineimap::status_lmdb
