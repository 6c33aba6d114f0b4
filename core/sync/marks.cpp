// SPDX-License-Identifier: Apache-2.0
#include "marks.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace offlineimap::sync {
namespace {

using Keywords = std::vector<std::string>;

bool has(const Keywords& sorted, const std::string& keyword)
{
    return std::binary_search(sorted.begin(), sorted.end(), keyword);
}

bool can_store(const Storable& side, const std::string& keyword)
{
    return side.any_keyword || has(side.keywords, keyword);
}

Keywords all_of(const Keywords& a, const Keywords& b, const Keywords& c)
{
    Keywords out;
    for (const auto* set : {&a, &b, &c})
        out.insert(out.end(), set->begin(), set->end());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

/// In the result when exactly one side edited it into being, or nobody edited it away.
bool survives(bool base, bool left, bool right)
{
    return base ? left && right : left || right;
}

struct MergedKeywords {
    Keywords set;
    Both<Keywords> add, drop;
};

MergedKeywords merge_keywords(
    const Keywords& base, const Keywords& left, const Keywords& right,
    const Both<Storable>& storable)
{
    MergedKeywords out;
    for (const auto& keyword : all_of(base, left, right)) {
        const bool was = has(base, keyword);
        if (!can_store(storable.left, keyword) || !can_store(storable.right, keyword)) {
            if (was) out.set.push_back(keyword);
            continue;
        }
        const Both<bool> now {has(left, keyword), has(right, keyword)};
        const bool wanted = survives(was, now.left, now.right);
        if (wanted) out.set.push_back(keyword);
        for (const Side side : both_sides) {
            if (wanted && !now[side]) out.add[side].push_back(keyword);
            if (!wanted && now[side]) out.drop[side].push_back(keyword);
        }
    }
    return out;
}

}  // namespace

KeywordSets::KeywordSets()
{
    intern({});
}

KeywordsId KeywordSets::intern(const std::vector<std::string>& keywords)
{
    const std::lock_guard lock(mutex_);
    const auto [it, added] = ids_.try_emplace(keywords, static_cast<KeywordsId>(sets_.size()));
    if (added) sets_.push_back(&it->first);
    return it->second;
}

const std::vector<std::string>& KeywordSets::operator[](KeywordsId id) const
{
    const std::lock_guard lock(mutex_);
    return *sets_.at(id);
}

std::string to_note(const KeywordSets& sets, const Marks& marks)
{
    std::string note = std::to_string(marks.flags.bits());
    for (const auto& keyword : sets[marks.keywords])
        note += " " + keyword;
    return note;
}

Marks marks_from_note(KeywordSets& sets, std::string_view note)
{
    // Flags are the first word, as in what Storable keeps; the others are keywords.
    auto read = storable_from_note(note);
    std::sort(read.keywords.begin(), read.keywords.end());
    return {read.flags, sets.intern(read.keywords)};
}

Storable storable(const FolderState& state)
{
    return {state.storable_flags, state.any_keyword, state.storable_keywords};
}

std::string to_note(const Storable& storable)
{
    std::string note = std::to_string(storable.flags.bits()) + (storable.any_keyword ? " *" : " -");
    for (const auto& keyword : storable.keywords)
        note += " " + keyword;
    return note;
}

Storable storable_from_note(std::string_view note)
{
    if (note.empty()) return {Set<Flag>::from_bits(~std::uint64_t {0}), true, {}};
    Storable out;
    std::uint64_t bits = 0;
    const auto [rest, error] = std::from_chars(note.data(), note.data() + note.size(), bits);
    out.flags = Set<Flag>::from_bits(bits);
    note.remove_prefix(static_cast<std::size_t>(rest - note.data()));
    while (!note.empty()) {
        note.remove_prefix(1);
        const auto word = note.substr(0, note.find(' '));
        if (word == "*")
            out.any_keyword = true;
        else if (word != "-")
            out.keywords.emplace_back(word);
        note.remove_prefix(word.size());
    }
    return out;
}

Merged
merge(KeywordSets& sets, const Marks& base, const Both<Marks>& now, const Both<Storable>& storable)
{
    Merged out;
    const auto shared = storable.left.flags & storable.right.flags;
    const auto was = base.flags & shared;
    const auto left = now.left.flags & shared, right = now.right.flags & shared;
    const auto kept = (was & left & right) | ((left | right) - was);
    out.marks.flags = (base.flags - shared) | kept;
    out.change.left = {kept - left, left - kept, {}, {}};
    out.change.right = {kept - right, right - kept, {}, {}};

    if (base.keywords == 0 && now.left.keywords == 0 && now.right.keywords == 0) return out;
    auto keywords = merge_keywords(
        sets[base.keywords], sets[now.left.keywords], sets[now.right.keywords], storable);
    out.marks.keywords = sets.intern(keywords.set);
    for (const Side side : both_sides) {
        out.change[side].add_keywords = std::move(keywords.add[side]);
        out.change[side].drop_keywords = std::move(keywords.drop[side]);
    }
    return out;
}

Marks both_have(KeywordSets& sets, const Marks& a, const Marks& b)
{
    Keywords shared;
    std::ranges::set_intersection(sets[a.keywords], sets[b.keywords], std::back_inserter(shared));
    return {a.flags & b.flags, sets.intern(shared)};
}

Marks common(KeywordSets& sets, const Marks& marks, const Both<Storable>& storable)
{
    Marks out {marks.flags & storable.left.flags & storable.right.flags, 0};
    if (marks.keywords == 0) return out;
    Keywords kept;
    for (const auto& keyword : sets[marks.keywords])
        if (can_store(storable.left, keyword) && can_store(storable.right, keyword))
            kept.push_back(keyword);
    out.keywords = sets.intern(kept);
    return out;
}

}  // namespace offlineimap::sync
