// SPDX-License-Identifier: Apache-2.0
#include "tokens.hpp"

#include "recovery.hpp"
#include "window.hpp"

#include <unordered_map>

namespace offlineimap::sync {
namespace {

struct Names {
    const char *token, *quick_token, *storable, *window, *ignored;
};
constexpr Both<Names> names {
    {"left.token", "left.quick", "left.storable", "left.window", "left.ignored"},
    {"right.token", "right.quick", "right.storable", "right.window", "right.ignored"}};

void take(FolderPair& pair, const Note& note)
{
    if (note.name == mute_note) pair.was_mute = true;
    for (const Side side : both_sides) {
        if (note.name == names[side].token) pair.kept[side].token = note.value;
        if (note.name == names[side].quick_token) pair.kept[side].quick_token = note.value;
        if (note.name == names[side].storable)
            pair.kept[side].storable = storable_from_note(note.value);
    }
}

}  // namespace

std::vector<Note> notes_without_tokens(const FolderPair& pair)
{
    std::vector<Note> notes;
    for (const Side side : both_sides)
        for (const char* const name : {names[side].token, names[side].quick_token})
            notes.push_back({pair.status_name, name, {}});
    return notes;
}

void Tokens::load(const std::vector<Note>& notes)
{
    std::unordered_map<std::string, FolderPair*> by_name;
    for (FolderPair& pair : context_.pairs) {
        by_name[pair.status_name] = &pair;
        for (const Side side : both_sides)
            pair.kept[side].storable = storable_from_note({});
    }
    for (const Note& note : notes) {
        const auto it = by_name.find(note.folder);
        if (it == by_name.end()) continue;
        if (note.name == renumbering_note || Memory::is_announcement(note)) {
            it->second->was_renumbering |= note.name == renumbering_note;
            it->second->was_storing = true;
            context_.memory.remember(note);
        } else if (Memory::is_trashing(note) || Memory::is_carrying(note)) {
            context_.memory.remember(note);
        } else {
            take(*it->second, note);
            take_limits(static_cast<PairIndex>(it->second - context_.pairs.data()), note);
        }
    }
    for (FolderPair& pair : context_.pairs)
        for (const Side side : both_sides)
            pair.storable[side] = pair.kept[side].storable;
    forget_outgrown();
}

void Tokens::take_limits(PairIndex pair, const Note& note)
{
    for (const Side side : both_sides) {
        if (note.name == names[side].window) windows_[pair][side] = note.value;
        if (note.name == names[side].ignored) left_out_[pair][side] = note.value;
    }
}

void Tokens::forget_outgrown()
{
    for (const auto& [pair, noted] : left_out_)
        for (const Side side : both_sides) {
            if (ignored_.load(pair, side, noted[side])) continue;
            Kept& kept = context_.pairs[pair].kept[side];
            kept.token = kept.quick_token = "";
        }
    for (const auto& [pair, noted] : windows_)
        for (const Side side : both_sides) {
            if (!has_grown(noted[side], context_.rules[side].window)) continue;
            Kept& kept = context_.pairs[pair].kept[side];
            kept.token = kept.quick_token = "";
        }
}

bool Tokens::differs(PairIndex index, Side side, SyncRules::Mode mode) const
{
    const FolderPair& pair = context_.pairs[index];
    const FolderInfo& folder = pair.folder[side];
    const Kept& kept = pair.kept[side];
    if (mode == SyncRules::Mode::quick && !folder.quick_token.empty())
        return folder.quick_token != kept.quick_token;
    return folder.token.empty() || folder.token != kept.token;
}

bool Tokens::shows_change(PairIndex index, Side side) const
{
    const FolderInfo& folder = context_.pairs[index].folder[side];
    const Kept& kept = context_.pairs[index].kept[side];
    if (!folder.token.empty()) return folder.token != kept.token;
    return !folder.quick_token.empty() && folder.quick_token != kept.quick_token;
}

bool Tokens::differs_since(PairIndex index, Side side, const std::string& now) const
{
    const auto seen = seen_.find(index);
    const bool is_seen = seen != seen_.end() && seen->second[side].asked;
    return now.empty()
        || now != (is_seen ? seen->second[side].token : context_.pairs[index].kept[side].token);
}

void Tokens::seen(PairIndex pair, const Both<Listing>& listing)
{
    for (const Side side : both_sides) {
        if (listing[side].kind == Listing::Kind::untouched) continue;
        seen_[pair][side] = {true, listing[side].token, listing[side].storable};
    }
}

void Tokens::forget(const std::vector<PairIndex>& pairs)
{
    for (const PairIndex pair : pairs) {
        seen_.erase(pair);
        windows_.erase(pair);
        left_out_.erase(pair);
    }
}

void Tokens::add(
    std::vector<Note>& notes, PairIndex pair, const char* name, const std::string& kept,
    const std::string& now) const
{
    if (kept != now) notes.push_back({context_.pairs[pair].status_name, name, now});
}

void Tokens::add_tokens(std::vector<Note>& notes, PairIndex index, const Both<Seen>& sides) const
{
    const FolderPair& pair = context_.pairs[index];
    for (const Side side : both_sides) {
        if (!sides[side].asked) continue;
        const Kept& kept = pair.kept[side];
        add(notes, index, names[side].token, kept.token, sides[side].token);
        add(notes, index, names[side].quick_token, kept.quick_token, pair.folder[side].quick_token);
        const auto noted = windows_.find(index);
        add(notes, index, names[side].window,
            noted == windows_.end() ? std::string() : noted->second[side],
            to_note(context_.rules[side].window));
        const auto left_out = left_out_.find(index);
        add(notes, index, names[side].ignored,
            left_out == left_out_.end() ? std::string() : left_out->second[side],
            ignored_.note(index, side));
        add(notes, index, names[side].storable, to_note(kept.storable),
            to_note(sides[side].storable));
    }
}

void Tokens::keep(const std::set<PairIndex>& unsettled)
{
    std::vector<Note> notes;
    for (const auto& [index, sides] : seen_)
        if (!context_.report.is_held_back(index)) add_tokens(notes, index, sides);
    for (PairIndex index = 0; index < context_.pairs.size(); ++index) {
        if (unsettled.contains(index)) continue;
        const auto done = context_.memory.announced(index);
        notes.insert(notes.end(), done.begin(), done.end());
    }
    context_.memory.put(notes);
}

}  // namespace offlineimap::sync
