// SPDX-License-Identifier: Apache-2.0
#include "recovery.hpp"

#include "content.hpp"
#include "renumber.hpp"
#include "tokens.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

namespace offlineimap::sync {
namespace {

class FolderRecovery {
public:
    FolderRecovery(SyncContext& context, FolderChanges changes, const Both<bool>& renumbered)
        : context_(context), changes_(std::move(changes)), renumbered_(renumbered)
    {
    }

    Recovered run(Rehearsal rehearsal, Doubt doubt)
    {
        compare();
        find_recorded();
        if (doubt == Doubt::gives_up)
            if (auto another = require_certainty()) return {not_found(), std::move(another)};
        const bool again = context_.pairs[changes_.pair].was_renumbering;
        auto known = new_records(again);
        say();
        if (rehearsal == Rehearsal::no) {
            leave_note();
            take_over_ids();
            replace_records(known);
        } else {
            pretend_ids();
        }
        find_parted();
        changes_.known = std::move(known);
        changes_.announced.clear();
        for (const Side side : both_sides)
            changes_.listing[side].origins.clear();
        return {std::move(changes_), {}};
    }

private:
    const FolderPair& pair() const { return context_.pairs[changes_.pair]; }
    std::string reason() const
    {
        return pair().lost_epoch ? "nothing tells which numbers (UIDVALIDITY) its messages had"
                                 : "its messages have new numbers (UIDVALIDITY)";
    }
    std::size_t expected() const;
    std::vector<Entry>& entries(Side side) { return changes_.listing[side].changed; }
    /// The side whose ids are still those of the records; nothing when both changed.
    std::optional<Side> stable() const
    {
        if (renumbered_.left && renumbered_.right) return std::nullopt;
        return renumbered_.left ? Side::right : Side::left;
    }
    /// Goes with the announcements at the end of the run. What one side alone has loses its record:
    /// no token may say that it was seen.
    void leave_note()
    {
        auto notes = notes_without_tokens(pair());
        if (renumbered_.right)
            std::ranges::copy(
                context_.memory.take_carried(changes_.pair), std::back_inserter(notes));
        for (const Side side : both_sides)
            if (renumbered_[side])
                std::ranges::copy(
                    context_.memory.take_void_ones(changes_.pair, side), std::back_inserter(notes));
        notes.push_back({pair().status_name, renumbering_note, "1"});
        context_.memory.put(notes);
        context_.memory.remember(notes.back());
        context_.pairs[changes_.pair].was_renumbering = true;
    }
    void compare();
    bool may_be_unread(Side side) const;
    void find_recorded();
    std::optional<AnotherFolder> require_certainty();
    bool may_be_altered();
    Error doubt(const std::string& why) const;
    [[noreturn]] void give_up(const std::string& why) const { throw doubt(why); }
    FolderChanges not_found() const;
    std::vector<Known> new_records(bool again) const;
    void say() const;
    void take_over_ids();
    void pretend_ids();
    void replace_records(const std::vector<Known>& known);
    void find_parted();

    SyncContext& context_;
    FolderChanges changes_;
    const Both<bool> renumbered_;
    Both<std::vector<Suspect>> suspects_;  ///< one for each entry
    std::vector<ContentMatch> matches_;    ///< indexes of entries
    Both<std::vector<bool>> matched_;
    std::vector<const Known*> record_;  ///< of each entry on the stable side
    std::size_t recorded_ = 0, found_again_ = 0;
    std::map<MessageId, MessageId> now_;  ///< left ids that were changed
};

void FolderRecovery::compare()
{
    for (const Side side : both_sides) {
        for (const Entry& entry : entries(side))
            suspects_[side].push_back(suspect(context_, changes_.pair, entry.id, entry.marks));
        matched_[side].resize(entries(side).size());
    }
    compare_content(context_, suspects_, Proof::likely, Scan::same_pair);
    if (has_vanished(suspects_.left) || has_vanished(suspects_.right))
        throw Error(
            Errc::unavailable, Scope::folder, Retry::later,
            "folder " + pair().name
                + ": it changed while its messages were being compared; the next run goes on");
    matches_ = match_compared(suspects_, Scan::same_pair);
    for (const ContentMatch& match : matches_)
        matched_.left[match.left] = matched_.right[match.right] = true;
    if (may_be_unread(Side::left) || may_be_unread(Side::right))
        give_up("a message cannot be read");
}

/// Whether what that side has alone may be a message that the other one does not give. One that is
/// like none of them was never got: it stays where it is.
bool FolderRecovery::may_be_unread(Side side) const
{
    std::set<std::uint64_t> sizes;
    for (const Suspect& suspect : suspects_[other(side)])
        if (suspect.unreadable) sizes.insert(suspect.told_size);
    if (sizes.empty()) return false;
    for (std::size_t i = 0; i < suspects_[side].size(); ++i) {
        const auto size = suspects_[side][i].told_size;
        if (matched_[side][i] || suspects_[side][i].unreadable) continue;
        if (size == 0 || sizes.contains(0) || sizes.contains(size)) return true;
    }
    return false;
}

void FolderRecovery::find_recorded()
{
    if (!stable()) return;
    const Side side = *stable();
    std::map<MessageId, const Known*> by_id;
    for (const Known& known : changes_.known)
        by_id[known.id[side]] = &known;
    record_.resize(entries(side).size());
    for (std::size_t i = 0; i < record_.size(); ++i) {
        const auto it = by_id.find(entries(side)[i].id);
        if (it == by_id.end()) continue;
        record_[i] = it->second;
        ++recorded_;
        if (matched_[side][i]) ++found_again_;
    }
}

/// How many messages both sides should have. Without records the ids in the names of files tell.
std::size_t FolderRecovery::expected() const
{
    if (!changes_.known.empty()) return stable() ? recorded_ : changes_.known.size();
    if (!changes_.left_takes_ids) return 0;
    const auto& left = changes_.listing.left.changed;
    return static_cast<std::size_t>(
        std::count_if(left.begin(), left.end(), [&](const Entry& entry) {
            return find(changes_.listing.right, entry.id) != nullptr;
        }));
}

/// Not certain is: most of what was known cannot be found, so that this may be another folder; or a
/// message seems to be there with another content, so that it would be there twice.
std::optional<AnotherFolder> FolderRecovery::require_certainty()
{
    const std::size_t wanted = expected();
    const std::size_t found = stable() && !changes_.known.empty() ? found_again_ : matches_.size();
    if (found * 2 < wanted) {
        const auto why = doubt(
            "only " + std::to_string(found) + " of " + std::to_string(wanted)
            + " messages were found again by their content: it may be another folder of that name");
        // Where nothing tells what the ids were, it may as well be another account.
        if (!stable() || pair().lost_epoch || changes_.known.empty()) throw why;
        return AnotherFolder {other(*stable()), why};
    }
    if (found < wanted && may_be_altered())
        give_up("some messages seem to have another content now");
    return std::nullopt;
}

bool FolderRecovery::may_be_altered()
{
    Both<std::vector<Suspect*>> rest;
    for (const Side side : both_sides)
        for (std::size_t i = 0; i < suspects_[side].size(); ++i)
            if (!matched_[side][i] && !suspects_[side][i].unreadable)
                rest[side].push_back(&suspects_[side][i]);
    if (rest.left.empty() || rest.right.empty()) return false;
    learn_names(context_, rest);
    std::set<std::string> names;
    for (const Suspect* suspect : rest.left)
        names.insert(suspect->name);
    return std::any_of(rest.right.begin(), rest.right.end(), [&](const Suspect* suspect) {
        return names.contains(suspect->name);
    });
}

FolderChanges FolderRecovery::not_found() const
{
    const Side there = *stable();
    FolderChanges gone;
    gone.pair = changes_.pair;
    gone.left_takes_ids = changes_.left_takes_ids;
    for (const Side side : both_sides)
        gone.listing[side].storable = changes_.listing[side].storable;
    gone.listing[other(there)].kind = Listing::Kind::snapshot;
    gone.listing[there].kind = Listing::Kind::delta;
    for (std::size_t i = 0; i < record_.size(); ++i) {
        if (record_[i] == nullptr || matched_[there][i]) continue;
        gone.known.push_back(*record_[i]);
        gone.listing[there].changed.push_back(changes_.listing[there].changed[i]);
    }
    std::ranges::sort(gone.known, {}, [](const Known& known) { return known.id.right; });
    return gone;
}

Error FolderRecovery::doubt(const std::string& why) const
{
    std::string where;
    for (const Side side : both_sides)
        if (renumbered_[side]) where += (where.empty() ? "" : " and ") + context_.repository(side);
    return Error(
        Errc::epoch_changed, Scope::folder, Retry::never,
        "UID validity problem for folder " + pair().name + " (repo " + where + "): " + reason()
            + ", and " + why
            + "; skipping it. Nothing was changed there. This shows what the two sides have, and "
              "puts "
              "them together again: "
            + context_.report.commands().repair());
}

/// A record for each message that both sides have, with the marks that the old record had. After an
/// interrupted attempt the old ids lead nowhere for sure: then marks are put together.
std::vector<Known> FolderRecovery::new_records(bool again) const
{
    std::vector<Known> known;
    known.reserve(matches_.size());
    for (const ContentMatch& match : matches_) {
        Known one;
        one.id.left = changes_.listing.left.changed[match.left].id;
        one.id.right = changes_.listing.right.changed[match.right].id;
        if (stable() && !again)
            if (const Known* const old = record_[stable() == Side::left ? match.left : match.right])
                one.marks = old->marks;
        if (changes_.left_takes_ids) one.id.left = one.id.right;
        known.push_back(std::move(one));
    }
    std::sort(known.begin(), known.end(), [](const Known& a, const Known& b) {
        return a.id.right < b.id.right;
    });
    return known;
}

void FolderRecovery::say() const
{
    if (pair().fresh && renumbered_[*pair().fresh]) return;  // that it is made again was said
    std::string text = "folder " + pair().name + ": " + reason() + "; "
        + std::to_string(matches_.size())
        + " were found again by their content, none of these is transferred or deleted";
    if (found_again_ < recorded_)
        text += "; " + std::to_string(recorded_ - found_again_)
            + " that only one side has now are kept and copied to the other";
    context_.report.log(Level::warning, text);
}

void FolderRecovery::take_over_ids()
{
    if (!changes_.left_takes_ids || entries(Side::left).empty()) return;
    Renumbering renumbering;
    renumbering.folder = context_.folder(changes_.pair, Side::left);
    for (const ContentMatch& match : matches_)
        renumbering.wanted[entries(Side::left)[match.left].id] =
            entries(Side::right)[match.right].id;
    for (const Entry& entry : entries(Side::left))
        renumbering.present.insert(entry.id);
    const auto now = renumber(context_, renumbering);
    for (Entry& entry : entries(Side::left)) {
        auto& id = now_[entry.id];
        entry.id = id = now.at(entry.id);
    }
    sort(changes_.listing.left);
}

/// As take_over_ids() would leave it.
void FolderRecovery::pretend_ids()
{
    if (!changes_.left_takes_ids) return;
    for (std::size_t i = 0; i < entries(Side::left).size(); ++i)
        if (!matched_.left[i] && !entries(Side::left)[i].id.value.starts_with('.')) {
            auto& id = entries(Side::left)[i].id;
            id.value.insert(0, ".");
            now_[suspects_.left[i].id] = id;
        }
    for (const ContentMatch& match : matches_)
        entries(Side::left)[match.left].id = entries(Side::right)[match.right].id;
    sort(changes_.listing.left);
}

void FolderRecovery::find_parted()
{
    for (std::size_t i = 0; i < record_.size(); ++i) {
        if (record_[i] == nullptr || matched_[*stable()][i]) continue;
        const auto now = now_.find(suspects_[*stable()][i].id);
        const MessageId& id = now == now_.end() ? suspects_[*stable()][i].id : now->second;
        changes_.parted[*stable()].emplace(id, record_[i]->marks);
    }
}

void FolderRecovery::replace_records(const std::vector<Known>& known)
{
    std::vector<MessageId> old;
    for (const Known& one : changes_.known)
        old.push_back(one.id.right);
    context_.memory.apply(changes_.pair, known, old);
}

}  // namespace

Recovered recover(
    SyncContext& context, FolderChanges changes, const Both<bool>& renumbered, Rehearsal rehearsal,
    Doubt doubt)
{
    return FolderRecovery(context, std::move(changes), renumbered).run(rehearsal, doubt);
}

}  // namespace offlineimap::sync
