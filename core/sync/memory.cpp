// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace offlineimap::sync {
namespace {

constexpr std::string_view to_left = "storing.left.", to_right = "storing.right.",
                           naming = "naming.", trash_left = "trashing.left.",
                           trash_right = "trashing.right.", carrying = "carrying.",
                           before_marks = " marks ";

std::string prefix(Side to)
{
    return std::string(to == Side::left ? to_left : to_right);
}

std::string trashing_name(Side side, const MessageId& id)
{
    return std::string(side == Side::left ? trash_left : trash_right) + id.value;
}

class Collect final : public RecordSink {
public:
    Collect(KeywordSets& keywords, std::vector<Known>& out) : keywords_(keywords), out_(out) { }
    void record(const Record& record) override
    {
        out_.push_back(
            {{record.left, record.right}, {record.flags, keywords_.intern(record.keywords)}});
    }

private:
    KeywordSets& keywords_;
    std::vector<Known>& out_;
};

bool by_right(const Known& a, const Known& b)
{
    return a.id.right < b.id.right;
}

}  // namespace

Memory::Memory(
    StatusStore& store, const std::vector<FolderPair>& pairs, KeywordSets& keywords,
    const Report& report)
    : store_(store), pairs_(pairs), keywords_(keywords), report_(report)
{
}

StatusFolder& Memory::open(PairIndex pair)
{
    constexpr std::size_t most_open = 32;
    const auto it =
        std::find_if(open_.begin(), open_.end(), [&](const Open& o) { return o.pair == pair; });
    if (it != open_.end()) {
        open_.splice(open_.begin(), open_, it);
    } else {
        if (open_.size() >= most_open) open_.pop_back();
        open_.push_front({pair, store_.open(pairs_[pair].status_name)});
    }
    return *open_.front().folder;
}

bool Memory::has(PairIndex pair)
{
    if (!folders_) {
        const auto names = store_.folders();
        folders_.emplace(names.begin(), names.end());
    }
    return folders_->contains(pairs_[pair].status_name);
}

std::vector<Known> Memory::load(PairIndex pair)
{
    const std::lock_guard lock(mutex_);
    if (!has(pair)) return {};
    auto& folder = open(pair);
    std::vector<Known> known;
    known.reserve(folder.size());
    Collect sink(keywords_, known);
    folder.load(sink);
    if (!std::is_sorted(known.begin(), known.end(), by_right))
        std::sort(known.begin(), known.end(), by_right);
    return known;
}

std::vector<Known> Memory::find(PairIndex pair, std::span<const MessageId> right)
{
    const std::lock_guard lock(mutex_);
    std::vector<Known> known;
    if (!has(pair)) return known;
    Collect sink(keywords_, known);
    open(pair).find(right, sink);
    std::sort(known.begin(), known.end(), by_right);
    return known;
}

std::vector<Known> Memory::concerned(PairIndex pair, const Both<Listing>& listing, SameIds same_ids)
{
    using Kind = Listing::Kind;
    const bool left_is_delta = listing.left.kind == Kind::untouched
        || (listing.left.kind == Kind::delta && same_ids == SameIds::yes);
    const bool right_is_delta =
        listing.right.kind == Kind::untouched || listing.right.kind == Kind::delta;
    if (!left_is_delta || !right_is_delta) return load(pair);
    std::vector<MessageId> ids;
    for (const Side side : both_sides) {
        for (const Entry& entry : listing[side].changed)
            ids.push_back(entry.id);
        for (const MessageId& id : listing[side].vanished)
            ids.push_back(id);
    }
    if (ids.empty()) return {};
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return find(pair, ids);
}

std::uint64_t Memory::size(PairIndex pair)
{
    const std::lock_guard lock(mutex_);
    return has(pair) ? open(pair).size() : 0;
}

void Memory::apply(PairIndex pair, std::span<const Known> put, std::span<const MessageId> erase)
{
    if (put.empty() && erase.empty()) return;
    std::vector<Record> records;
    records.reserve(put.size());
    for (const Known& known : put)
        records.push_back(
            {known.id.left,
             known.id.right,
             known.marks.flags,
             keywords_[known.marks.keywords],
             {}});
    const std::lock_guard lock(mutex_);
    const auto phase = report_.phase("record transaction");
    changed_.insert(pair);
    open(pair).apply({records, erase});
    if (folders_) folders_->insert(pairs_[pair].status_name);
}

bool Memory::was_changed(PairIndex pair) const
{
    const std::lock_guard lock(mutex_);
    return changed_.contains(pair);
}

void Memory::put(std::span<const Note> notes)
{
    if (notes.empty()) return;
    const std::lock_guard lock(mutex_);
    const auto phase = report_.phase("notes transaction");
    store_.put(notes);
}

void Memory::announce(PairIndex pair, Side to, std::span<const Announced> messages)
{
    const auto& [folder, next_id] =
        std::tie(pairs_[pair].status_name, pairs_[pair].folder[to].next_id);
    std::vector<Note> notes;
    notes.reserve(messages.size());
    for (const Announced& message : messages)
        notes.push_back(
            {folder, prefix(to) + message.id.value,
             "above " + next_id + std::string(before_marks) + to_note(keywords_, message.marks)});
    put_and_remember(notes);
}

void Memory::announce_ids(PairIndex pair, std::span<const Announced> messages)
{
    std::vector<Note> notes;
    notes.reserve(messages.size());
    for (const Announced& message : messages)
        notes.push_back(
            {pairs_[pair].status_name, std::string(naming) + message.id.value,
             "id" + std::string(before_marks) + to_note(keywords_, message.marks)});
    put_and_remember(notes);
}

void Memory::announce_carrying(PairIndex pair, std::span<const MessageId> right)
{
    std::vector<Note> notes;
    notes.reserve(right.size());
    for (const MessageId& id : right)
        notes.push_back({pairs_[pair].status_name, std::string(carrying) + id.value, "1"});
    put_and_remember(notes);
}

bool Memory::is_carried(PairIndex pair, const MessageId& right) const
{
    const std::lock_guard lock(mutex_);
    const auto folder = carried_.find(pairs_[pair].status_name);
    return folder != carried_.end() && folder->second.contains(std::string(carrying) + right.value);
}

std::vector<Note> Memory::take_carried(PairIndex pair)
{
    const std::lock_guard lock(mutex_);
    const auto& folder = pairs_[pair].status_name;
    std::vector<Note> notes;
    for (const auto& name : std::exchange(carried_[folder], {}))
        notes.push_back({folder, name, {}});
    return notes;
}

void Memory::put_and_remember(std::span<const Note> notes)
{
    put(notes);
    for (const Note& note : notes)
        remember(note);
}

void Memory::announce_trashing(
    PairIndex pair, Side side, std::span<const MessageId> ids, const std::string& next_id)
{
    std::vector<Note> notes;
    for (const MessageId& id : ids)
        notes.push_back({pairs_[pair].status_name, trashing_name(side, id), "above " + next_id});
    put_and_remember(notes);
}

std::optional<MessageId> Memory::trashed_above(PairIndex pair, Side side, const MessageId& id) const
{
    const std::lock_guard lock(mutex_);
    const auto folder = trashing_.find(pairs_[pair].status_name);
    if (folder == trashing_.end()) return std::nullopt;
    const auto note = folder->second.find(trashing_name(side, id));
    if (note == folder->second.end()) return std::nullopt;
    return MessageId {note->second.substr(std::string_view("above ").size())};
}

void Memory::forget_trashing(PairIndex pair, Side side, std::span<const MessageId> ids)
{
    std::vector<Note> notes;
    for (const MessageId& id : ids) {
        const auto name = trashing_name(side, id);
        const std::lock_guard lock(mutex_);
        if (trashing_[pairs_[pair].status_name].erase(name) != 0)
            notes.push_back({pairs_[pair].status_name, name, {}});
    }
    put(notes);
}

void Memory::announce(Side to, std::span<const PairIndex> pairs)
{
    std::vector<Note> notes;
    for (const PairIndex pair : pairs) {
        Note note {pairs_[pair].status_name, prefix(to), "any"};
        const std::lock_guard lock(mutex_);
        if (announced_[note.folder].try_emplace(note.name, note.value).second)
            notes.push_back(std::move(note));
    }
    put(notes);
}

const std::string* Memory::announcement(PairIndex pair, Side to, const MessageId& message) const
{
    const auto folder = announced_.find(pairs_[pair].status_name);
    if (folder == announced_.end()) return nullptr;
    const auto note = folder->second.find(prefix(to) + message.value);
    return note == folder->second.end() ? nullptr : &note->second;
}

bool Memory::is_announced(PairIndex pair, Side to, const MessageId& message) const
{
    const std::lock_guard lock(mutex_);
    return announcement(pair, to, message) != nullptr;
}

Marks Memory::announced_marks(PairIndex pair, Side to, const MessageId& message) const
{
    const std::lock_guard lock(mutex_);
    const auto* const note = announcement(pair, to, message);
    return note ? marks_in(*note) : Marks {};
}

Marks Memory::marks_in(const std::string& note) const
{
    const auto at = note.find(before_marks);
    if (at == std::string::npos) return {};
    return marks_from_note(keywords_, std::string_view(note).substr(at + before_marks.size()));
}

std::map<MessageId, Marks> Memory::marks_by_id(PairIndex pair) const
{
    const std::lock_guard lock(mutex_);
    std::map<MessageId, Marks> marks;
    const auto folder = announced_.find(pairs_[pair].status_name);
    if (folder == announced_.end()) return marks;
    for (const auto& start : {naming, to_left})  // what got its id is past its storing
        for (const auto& [name, value] : folder->second)
            if (name.starts_with(start) && name.size() > start.size())
                marks.try_emplace({name.substr(start.size())}, marks_in(value));
    return marks;
}

std::vector<MessageId> Memory::announced(PairIndex pair, Side to) const
{
    const std::lock_guard lock(mutex_);
    const auto start = prefix(to);
    std::vector<MessageId> ids;
    const auto folder = announced_.find(pairs_[pair].status_name);
    if (folder == announced_.end()) return ids;
    for (const auto& [name, value] : folder->second)
        if (name.starts_with(start) && name.size() > start.size())
            ids.push_back({name.substr(start.size())});
    return ids;
}

void Memory::remember(const Note& announcement)
{
    const std::lock_guard lock(mutex_);
    if (is_carrying(announcement)) {
        carried_[announcement.folder].insert(announcement.name);
        return;
    }
    auto& notes = is_trashing(announcement) ? trashing_ : announced_;
    notes[announcement.folder][announcement.name] = announcement.value;
}

std::vector<Note> Memory::announced(PairIndex pair)
{
    const std::lock_guard lock(mutex_);
    std::vector<Note> notes;
    const auto& folder = pairs_[pair].status_name;
    for (const auto& [name, value] : announced_[folder])
        notes.push_back({folder, name, {}});
    if (!pairs_[pair].gone_on)
        for (const auto& name : carried_[folder])
            notes.push_back({folder, name, {}});
    return notes;
}

std::vector<Note> Memory::take_void_ones(PairIndex pair, Side renumbered)
{
    const std::lock_guard lock(mutex_);
    const auto& folder = pairs_[pair].status_name;
    const auto start = prefix(other(renumbered));  // they go from there to the other side
    std::vector<Note> notes;
    std::erase_if(announced_[folder], [&](const auto& announced) {
        const std::string& name = announced.first;
        const bool is_void = (name.starts_with(start) && name.size() > start.size())
            || (renumbered == Side::right && name.starts_with(naming));
        if (is_void) notes.push_back({folder, name, {}});
        return is_void;
    });
    return notes;
}

bool Memory::is_announcement(const Note& note)
{
    return note.name.starts_with(to_left) || note.name.starts_with(to_right)
        || note.name.starts_with(naming);
}

bool Memory::is_carrying(const Note& note)
{
    return note.name.starts_with(carrying);
}

bool Memory::is_trashing(const Note& note)
{
    return note.name.starts_with(trash_left) || note.name.starts_with(trash_right);
}

}  // namespace offlineimap::sync
