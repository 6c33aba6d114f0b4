// SPDX-License-Identifier: Apache-2.0
#include "mapped_ids.hpp"

#include <algorithm>
#include <utility>

namespace offlineimap::sync {
namespace {

constexpr auto note_name = "left.map";

}  // namespace

MappedIds::MappedIds(SyncContext& context, const std::filesystem::path& left_state)
    : context_(context), map_(left_state)
{
}

void MappedIds::load(const std::vector<Note>& notes)
{
    if (context_.takes_ids(Side::left)) return;
    std::map<std::string, std::string> noted;
    for (const Note& note : notes)
        if (note.name == note_name) noted[note.folder] = note.value;
    for (PairIndex i = 0; i < context_.pairs.size(); ++i) {
        State& state = states_[i];
        state.noted = noted[context_.pairs[i].status_name];
        state.stale = map_.stamp(folder(i)) != state.noted;
    }
}

bool MappedIds::is_stale(PairIndex pair) const
{
    const auto state = states_.find(pair);
    return state != states_.end() && state->second.stale;
}

MappedIds::Corrected MappedIds::look_up(PairIndex pair)
{
    const auto ids = map_.load(folder(pair));
    Corrected corrected;
    for (Known& record : context_.memory.load(pair)) {
        const auto found = ids.find(record.id.right);
        if (found == ids.end()) {
            corrected.lost.push_back(record.id.right);
            continue;
        }
        record.id.left = found->second;
        corrected.known.push_back(record);
    }
    return corrected;
}

std::vector<Known> MappedIds::corrected(PairIndex pair)
{
    if (const auto& failure = states_.at(pair).failure) throw Error(*failure);
    return look_up(pair).known;
}

void MappedIds::write(PairIndex pair, const Corrected& corrected)
{
    // First, so that the lookup is not forgotten when the process ends here.
    if (!corrected.lost.empty()) context_.memory.announce(Side::left, {&pair, 1});
    context_.memory.apply(pair, corrected.known, corrected.lost);
    states_[pair].stale = false;
}

std::set<PairIndex> MappedIds::correct(const std::vector<std::string>& remembered, Keep keep)
{
    std::set<PairIndex> lost;
    for (auto& [pair, state] : states_) {
        const FolderPair& folders = context_.pairs[pair];
        const auto known = std::find(remembered.begin(), remembered.end(), folders.status_name);
        if (known == remembered.end()) state.stale = false;
        if (!state.stale) continue;
        try {
            const auto corrected = look_up(pair);
            if (!corrected.lost.empty()) lost.insert(pair);
            if (keep == Keep::yes) write(pair, corrected);
        } catch (const Error& error) {
            if (error.scope() > Scope::folder) throw;
            // It is said when the folder is planned, and keeps that from happening.
            state.failure = error;
        }
    }
    // Before this run records anything: what it leaves when it ends early is right as it is.
    if (keep == Keep::yes) note_stamps();
    return lost;
}

void MappedIds::forget(const std::vector<PairIndex>& pairs)
{
    for (const PairIndex pair : pairs)
        if (const auto it = states_.find(pair); it != states_.end()) it->second = {};
    note_stamps();
}

void MappedIds::note_stamps()
{
    std::vector<Note> notes;
    for (auto& [pair, state] : states_) {
        if (state.stale) continue;
        auto stamp = map_.stamp(folder(pair));
        if (stamp == state.noted) continue;
        notes.push_back({context_.pairs[pair].status_name, note_name, stamp});
        state.noted = std::move(stamp);
    }
    context_.memory.put(notes);
}

bool MappedIds::is_note(const Note& note)
{
    return note.name == note_name;
}

void MappedIds::save()
{
    for (const auto& [pair, state] : states_) {
        // A run that ended early has recorded what is not in the file.
        const bool may_differ =
            context_.memory.was_changed(pair) || context_.pairs[pair].was_storing;
        if (state.stale || !may_differ) continue;
        UidMap::LeftByRight ids;
        for (const Known& known : context_.memory.load(pair))
            ids[known.id.right] = known.id.left;
        map_.save(folder(pair), ids);
    }
    note_stamps();
}

}  // namespace offlineimap::sync
