// SPDX-License-Identifier: Apache-2.0
#include "notes.hpp"

#include "common-status/packing.hpp"

#include <algorithm>

namespace offlineimap::status_plain {
namespace {

constexpr FrameKind kind {.name = "offlineimap status notes ", .version = "1"};
constexpr std::uint64_t small_log = 64 << 10;

void pack(std::string& out, std::string_view folder, std::string_view name, std::string_view value)
{
    status::pack(out, folder);
    status::pack(out, name);
    status::pack(out, value);
}

}  // namespace

std::vector<Note> Notes::all(const Paths& paths)
{
    const std::lock_guard lock(mutex_);
    std::vector<Note> list;
    if (!open(paths, Missing::leave)) return list;
    list.reserve(notes_.size());
    for (const auto& [key, value] : notes_)
        list.push_back({key.first, key.second, value});
    return list;
}

void Notes::put(const Paths& paths, std::span<const Note> notes)
{
    if (notes.empty()) return;
    const std::lock_guard lock(mutex_);
    open(paths, Missing::create);
    put_open(paths, notes);
}

void Notes::forget(const Paths& paths, std::string_view folder)
{
    const std::lock_guard lock(mutex_);
    if (!open(paths, Missing::leave)) return;
    std::vector<Note> gone;
    for (const auto& [key, value] : notes_)
        if (key.first == folder) gone.push_back({key.first, key.second, {}});
    if (!gone.empty()) put_open(paths, gone);
}

void Notes::put_open(const Paths& paths, std::span<const Note> notes)
{
    std::string frame;
    for (const Note& note : notes)
        pack(frame, note.folder, note.name, note.value);
    const std::string_view view = frame;
    log_->append(std::span(&view, 1));
    take(frame);
    compact_if_large(paths);
}

bool Notes::open(const Paths& paths, Missing missing)
{
    if (log_) return true;
    if (missing == Missing::leave && !status::is_there(paths.file)) return false;
    const status::Subject subject {.name = "notes of the account", .scope = Scope::repository};
    FrameLog log(paths.file, kind, subject, durability_);
    notes_.clear();
    live_bytes_ = 0;
    bool sense = true;
    log.read([&](std::string_view frame) { sense = sense && take(frame); });
    if (!sense) throw status::corrupt(subject, paths.file, "a part of it makes no sense");
    log_.emplace(std::move(log));
    return true;
}

bool Notes::take(std::string_view frame)
{
    for (status::Unpacker unpacker(frame); !unpacker.at_end();) {
        const auto folder = unpacker.text(), name = unpacker.text(), value = unpacker.text();
        if (!folder || !name || !value) return false;
        Key key {*folder, *name};
        const std::uint64_t size = folder->size() + name->size();
        if (const auto old = notes_.find(key); old != notes_.end())
            live_bytes_ -= size + old->second.size();
        if (value->empty()) {
            notes_.erase(key);
        } else {
            live_bytes_ += size + value->size();
            notes_.insert_or_assign(std::move(key), std::string(*value));
        }
    }
    return true;
}

/// The notes are in the log already: one that cannot be written anew now is only longer.
void Notes::compact_if_large(const Paths& paths)
{
    if (log_->size() < std::max(small_log, 4 * live_bytes_)) return;
    std::string frame;
    for (const auto& [key, value] : notes_)
        pack(frame, key.first, key.second, value);
    try {
        log_->rewrite(paths.beside, frame);
    } catch (const Error& error) {
        if (error.code() != Errc::io && error.code() != Errc::permission) throw;
    }
}

}  // namespace offlineimap::status_plain
