// SPDX-License-Identifier: Apache-2.0
#include "status_takeover.hpp"

#include "status_copy.hpp"
#include "status_history.hpp"

#include "core/text/strings.hpp"

#include <array>
#include <chrono>
#include <set>

// Three things can have happened since our last run: nothing; the user has configured another
// store; another program, the original, has worked on its own store, be it the one configured,
// another, or the one that we left behind when we converted. In each case the newest state must
// win, for an older one brings deleted mail back and deletes new mail. What the history says of the
// store used last is true until a conversion is complete; what it remembers of the files that the
// original may write tells whether it did.

namespace offlineimap::core {
namespace {

/// The stores that the original has ever had.
constexpr std::array<std::string_view, 2> originals = {"sqlite", "plain"};

bool is_original(std::string_view type)
{
    return std::find(originals.begin(), originals.end(), type) != originals.end();
}

StatusFiles* files_of(StatusStore& store)
{
    return static_cast<StatusFiles*>(store.facet(StatusFiles::facet_name));
}

std::int64_t present()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

class Takeover {
public:
    explicit Takeover(const StatusPlace& place) : place_(place) { }

    std::string run()
    {
        auto history = read_history(place_.history);
        if (!history) return first_time();
        if (history->store != place_.configured) {
            const auto newer = newer_elsewhere(*history);
            return convert(std::move(*history), newer);
        }
        return catch_up(*history);
    }

private:
    struct Newer {
        std::string store;
        std::int64_t time = 0;
    };
    using NewerFolders = std::map<std::string, Newer>;

    std::string first_time();
    std::string catch_up(const StatusHistory& history);
    std::string convert(StatusHistory history, const NewerFolders& newer);

    NewerFolders newer_elsewhere(const StatusHistory& history) const;
    bool is_newer(
        const StatusHistory& history, const std::string& type, const std::string& folder,
        const std::filesystem::path& file) const;
    bool has_records(StatusStore& store, const std::string& folder) const;
    bool has_records(StatusStore& store) const;
    std::int64_t last_change(StatusStore& store) const;

    void mark_stale(
        StatusHistory& history, StatusStore& to, const std::map<std::string, StatusStore*>& from);
    void copy_notes(StatusStore& from, StatusStore& to, const NewerFolders& newer);
    void keep(const StatusHistory& before) const;
    StatusHistory::Files seen_now(StatusStore& store, const StatusHistory::Files& before) const;

    StatusStore& needed(const std::string& type) const;

    const StatusPlace& place_;
};

/// Nothing is known of the past: what the configured store has counts, as it does for the original.
/// If it has nothing, the original's other store may have been left for it.
std::string Takeover::first_time()
{
    StatusHistory history {.store = place_.configured, .time = 0, .others = {}};
    std::int64_t newest = 0;
    if (!has_records(needed(place_.configured)))
        for (const std::string_view type : originals) {
            StatusStore* store = type == place_.configured ? nullptr : place_.open(type);
            if (store == nullptr || !has_records(*store)) continue;
            if (const auto time = last_change(*store); time >= newest) {
                history.store = type;
                newest = time;
            }
        }
    if (history.store != place_.configured) return convert(std::move(history), {});
    if (!place_.dry_run) keep(history);
    return place_.configured;
}

/// The usual case: the same store as the last time, and nobody else has been at work.
std::string Takeover::catch_up(const StatusHistory& history)
{
    const auto newer = newer_elsewhere(history);
    if (newer.empty()) return place_.configured;
    for (const auto& [folder, origin] : newer) {
        place_.log(
            Level::info,
            concat(
                place_.dry_run ? "[DRYRUN] Would take" : "Taking", " the status of ", folder,
                " from ", origin.store, ": another program has kept it there since our last run"));
        if (place_.dry_run) continue;
        StatusStore& to = needed(place_.configured);
        drop_tokens(to, folder);
        copy_records(*needed(origin.store).open(folder), *to.open(folder), place_.cancel);
    }
    if (!place_.dry_run) keep(history);
    return place_.configured;
}

std::string Takeover::convert(StatusHistory history, const NewerFolders& newer)
{
    std::string source_type = history.store;
    place_.log(
        Level::info,
        concat(
            place_.dry_run ? "[DRYRUN] Would migrate" : "Migrating", " LocalStatus cache from ",
            source_type, " to ", place_.configured));
    StatusStore& source = needed(source_type);
    if (place_.dry_run) return source_type;
    StatusStore& to = needed(place_.configured);
    std::map<std::string, StatusStore*> from;
    for (const std::string& folder : source.folders())
        from[folder] = &source;
    for (const auto& [folder, origin] : newer)
        from[folder] = &needed(origin.store);
    mark_stale(history, to, from);
    for (const std::string& folder : to.folders())
        if (const auto origin = from.find(folder); origin == from.end() || origin->second != &to)
            to.erase(folder);
    drop_all_notes(to);
    for (const auto& [folder, origin] : from)
        if (origin != &to) copy_records(*origin->open(folder), *to.open(folder), place_.cancel);
    copy_notes(source, to, newer);
    keep(history);
    return place_.configured;
}

/// From here on until the end nobody may take what is half written for the original's work.
void Takeover::mark_stale(
    StatusHistory& history, StatusStore& to, const std::map<std::string, StatusStore*>& from)
{
    if (is_original(place_.configured)) {
        auto& files = history.others[place_.configured];
        for (const std::string& folder : to.folders())
            if (const auto origin = from.find(folder);
                origin == from.end() || origin->second != &to)
                files[folder].stale = true;
        for (const auto& [folder, origin] : from)
            if (origin != &to) files[folder].stale = true;
    }
    write_history(place_.history, history);
}

void Takeover::copy_notes(StatusStore& from, StatusStore& to, const NewerFolders& newer)
{
    auto notes = from.notes();
    std::erase_if(
        notes, [&](const Note& note) { return is_token(note) && newer.contains(note.folder); });
    to.put(notes);
}

// ---------------------------------------------------------------------- what others have done

Takeover::NewerFolders Takeover::newer_elsewhere(const StatusHistory& history) const
{
    NewerFolders newer;
    for (const std::string_view name : originals) {
        const std::string type(name);
        StatusStore* store = type == history.store ? nullptr : place_.open(type);
        StatusFiles* files = store == nullptr ? nullptr : files_of(*store);
        if (files == nullptr) continue;
        for (const std::string& folder : store->folders()) {
            const auto file = files->file(folder);
            if (!is_newer(history, type, folder, file) || !has_records(*store, folder)) continue;
            const std::int64_t time = look_at(file).value_or(SeenFile {}).time;
            if (Newer& known = newer[folder]; time >= known.time) known = {type, time};
        }
    }
    return newer;
}

/// A file that was put back as it once was is not newer, nor is one that was only copied.
bool Takeover::is_newer(
    const StatusHistory& history, const std::string& type, const std::string& folder,
    const std::filesystem::path& file) const
{
    const auto now = look_at(file);
    if (!now) return false;
    const auto files = history.others.find(type);
    if (files == history.others.end()) return now->time > history.time;
    const auto seen = files->second.find(folder);
    if (seen == files->second.end()) return now->time > history.time;
    if (seen->second.stale || now->time <= seen->second.time) return false;
    return digest_of(file) != seen->second.digest;
}

/// What cannot be read is left for whoever needs it.
bool Takeover::has_records(StatusStore& store, const std::string& folder) const
{
    try {
        return store.open(folder)->size() > 0;
    } catch (const Error& error) {
        if (error.code() != Errc::corrupt) throw;
        place_.log(Level::warning, error.what());
        return false;
    }
}

bool Takeover::has_records(StatusStore& store) const
{
    for (const std::string& folder : store.folders()) {
        try {
            if (store.open(folder)->size() > 0) return true;
        } catch (const Error& error) {
            if (error.code() != Errc::corrupt) throw;
            return true;
        }
    }
    return false;
}

std::int64_t Takeover::last_change(StatusStore& store) const
{
    std::int64_t last = 0;
    const StatusFiles* files = files_of(store);
    if (files == nullptr) return last;
    for (const std::string& folder : store.folders())
        if (const auto seen = look_at(files->file(folder))) last = std::max(last, seen->time);
    return last;
}

// ------------------------------------------------------------------------------- the history

void Takeover::keep(const StatusHistory& before) const
{
    StatusHistory history {.store = place_.configured, .time = present(), .others = {}};
    for (const std::string_view name : originals) {
        const std::string type(name);
        StatusStore* store = type == place_.configured ? nullptr : place_.open(type);
        if (store == nullptr || files_of(*store) == nullptr) continue;
        const auto known = before.others.find(type);
        auto files =
            seen_now(*store, known == before.others.end() ? StatusHistory::Files() : known->second);
        if (!files.empty()) history.others.emplace(type, std::move(files));
    }
    write_history(place_.history, history);
}

StatusHistory::Files
Takeover::seen_now(StatusStore& store, const StatusHistory::Files& before) const
{
    StatusHistory::Files seen;
    const StatusFiles* files = files_of(store);
    for (const std::string& folder : store.folders()) {
        const auto file = files->file(folder);
        auto now = look_at(file);
        if (!now) continue;
        const auto known = before.find(folder);
        const bool same = known != before.end() && !known->second.stale
            && known->second.size == now->size && known->second.time == now->time;
        now->digest = same ? known->second.digest : digest_of(file);
        seen.emplace(folder, std::move(*now));
    }
    return seen;
}

StatusStore& Takeover::needed(const std::string& type) const
{
    if (StatusStore* store = place_.open(type)) return *store;
    throw Error(
        Errc::config, Scope::repository, Retry::never,
        concat(
            "the status of this account was last kept by the store ", in_quotes(type), " (so says ",
            place_.history.string(),
            "), and there is no plugin for it: install "
            "status-",
            type, ".so, or set status_backend = ", type, " when it is there again"));
}

}  // namespace

std::string take_over_status(const StatusPlace& place)
{
    return Takeover(place).run();
}

}  // namespace offlineimap::core
