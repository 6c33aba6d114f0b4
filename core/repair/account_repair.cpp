// SPDX-License-Identifier: Apache-2.0
#include "account_repair.hpp"

#include "doubles_repair.hpp"
#include "kept_epochs.hpp"
#include "mbsync_state.hpp"

#include "core/sync/content.hpp"
#include "core/sync/gather.hpp"
#include "core/sync/mapped_ids.hpp"
#include "core/sync/other_owners.hpp"
#include "core/sync/recovery.hpp"
#include "core/sync/threads.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace offlineimap::core {

namespace {

using sync::Both;
using sync::both_sides;
using sync::Entry;
using sync::Known;
using sync::Listing;
using sync::PairIndex;
using sync::Side;
using sync::Twin;

/// What is there without a record.
using Strangers = Both<std::map<MessageId, sync::Marks>>;

Twin twin(PairIndex pair, const Both<MessageId>& id, const Strangers& strangers)
{
    Twin twin;
    twin.pair = pair;
    twin.id = id;
    for (const Side side : both_sides)
        twin.marks[side] = strangers[side].at(id[side]);
    return twin;
}

class AccountRepair {
public:
    AccountRepair(
        const sync::SyncRules& rules, const RepairRules& repair,
        const Both<sync::SessionPool*>& sessions, StatusStore& store, sync::Events& events,
        sync::StopSigns& stop)
        : rules_(rules)
        , repair_(repair)
        , store_(store)
        , report_(events, {rules.account, rules.typed}, rules.repositories)
        , memory_(store, pairs_, keywords_, report_)
        , context_ {sessions, {}, rules.sides, pairs_, keywords_, memory_, report_, stop}
        , epochs_(rules, context_)
        , mapped_ids_(context_, rules.state.left)
    {
    }

    void run()
    {
        try {
            sync::run_side_by_side(2, [this](std::size_t i) { list(both_sides[i]); });
            pair();
            listings();
            const auto before = std::exchange(listings_, {});
            for (const auto& [index, listing] : before)
                safely(index, [this, i = index, l = &listing] { repair(i, *l); });
            listings();  // with the ids that messages have now
            DoublesRepair doubles(rules_, repair_, context_);
            for (const auto& [index, listing] : listings_)
                safely(index, [&doubles, i = index, l = &listing] { doubles.run(i, *l); });
            if (!rules_.dry_run) mapped_ids_.save();
            say("repair of account " + rules_.account + ": " + std::to_string(rebuilt_)
                + " records made, " + std::to_string(left_) + " messages left for the next run");
        } catch (const Error& error) {
            if (error.code() == Errc::cancelled) throw;
            report_.failed(error);
        }
    }

private:
    void list(Side side);
    void pair();
    void listings();
    void safely(PairIndex index, const std::function<void()>& work);
    void repair(PairIndex index, const Both<Listing>& listing);
    void recover(PairIndex index, const Both<Listing>& listing, const Both<bool>& renumbered);
    void leave(PairIndex index, const Strangers& strangers);
    Strangers strangers(PairIndex index, const Both<Listing>& listing);
    std::vector<Twin>
    twins_of_mbsync(PairIndex index, const Listing& right, const Strangers& strangers);
    std::vector<Twin> twins_by_id(PairIndex index, const Strangers& strangers) const;
    std::vector<Twin> twins_by_content(PairIndex index, const Strangers& strangers);
    void join(PairIndex index, const std::vector<Twin>& twins, Strangers& strangers);
    std::vector<Twin> named(const std::vector<Twin>& twins);
    void forget_tokens(PairIndex index);
    void say(const std::string& text) const
    {
        report_.log(Level::info, (rules_.dry_run ? "[DRYRUN] " : "") + text);
    }
    std::string place(PairIndex index, Side side) const
    {
        return rules_.repositories[side] + ":" + pairs_[index].folder[side].name;
    }

    const sync::SyncRules& rules_;
    const RepairRules& repair_;
    StatusStore& store_;
    std::vector<sync::FolderPair> pairs_;
    sync::KeywordSets keywords_;
    sync::Report report_;
    sync::Memory memory_;
    sync::SyncContext context_;
    KeptEpochs epochs_;
    sync::MappedIds mapped_ids_;
    Both<std::vector<FolderInfo>> folders_;
    std::map<PairIndex, Both<Listing>> listings_;
    std::size_t rebuilt_ = 0, left_ = 0;
};

void AccountRepair::list(Side side)
{
    sync::with_session(
        *context_.sessions[side],
        [&](Session& session) {
            context_.abilities[side] = session.capabilities();
            folders_[side] = session.folders();
        },
        [] { return false; });
}

/// Folders that one side lacks are left to the next run.
void AccountRepair::pair()
{
    auto pairing = sync::pair_folders(folders_, rules_.folders, rules_.repositories);
    if (pairing.pairs.empty())
        throw Error(
            Errc::config,
            "account " + rules_.account + ": no folder to repair (-f, or a folderfilter?)");
    for (auto& pair : pairing.pairs)
        if (!pair.folder.left.path.empty() && !pair.folder.right.path.empty())
            pairs_.push_back(std::move(pair));
    sync::refuse_folders_of_others(rules_, pairs_);
    for (auto& pair : pairs_)
        for (const Side side : both_sides)
            pair.kept[side].storable = pair.storable[side] = sync::storable_from_note({});
    mapped_ids_.load(store_.notes());
    mapped_ids_.correct(
        store_.folders(), rules_.dry_run ? sync::MappedIds::Keep::no : sync::MappedIds::Keep::yes);
}

void AccountRepair::listings()
{
    std::vector<sync::Inquiry> inquiries;
    for (PairIndex i = 0; i < pairs_.size(); ++i)
        inquiries.push_back({i, {true, true}, {}});
    sync::gather(context_, inquiries, [this](const sync::Inquiry& inquiry, Both<Listing> listing) {
        for (const Side side : both_sides)
            pairs_[inquiry.pair].storable[side] = listing[side].storable;
        listings_[inquiry.pair] = std::move(listing);
    });
}

void AccountRepair::safely(PairIndex index, const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) throw;
        report_.failed(index, error);
    }
}

void AccountRepair::repair(PairIndex index, const Both<Listing>& listing)
{
    const auto renumbered = epochs_.renumbered(index, listing);
    if (renumbered.left || renumbered.right) {
        recover(index, listing, renumbered);
    } else {
        auto unknown = strangers(index, listing);
        join(index, twins_of_mbsync(index, listing.right, unknown), unknown);
        join(index, twins_by_id(index, unknown), unknown);
        join(index, twins_by_content(index, unknown), unknown);
        leave(index, unknown);
    }
    epochs_.keep(index, listing);
    forget_tokens(index);
}

/// Ids mean nothing any more: a message that both sides have is known by its content, and whoever
/// asks for a repair does not ask whether enough of them are. In a dry run the files keep the names
/// that they have.
void AccountRepair::recover(
    PairIndex index, const Both<Listing>& listing, const Both<bool>& renumbered)
{
    if (rules_.dry_run) {
        std::vector<MessageId> old;
        for (const Known& known : memory_.load(index))
            old.push_back(known.id.right);
        memory_.apply(index, {}, old);
        auto unknown = strangers(index, listing);
        join(index, twins_by_content(index, unknown), unknown);
        return leave(index, unknown);
    }
    sync::FolderChanges changes;
    changes.pair = index;
    changes.listing = listing;
    changes.known = memory_.load(index);
    changes.left_takes_ids = context_.takes_ids(Side::left);
    changes =
        sync::recover(
            context_, std::move(changes), renumbered, sync::Rehearsal::no, sync::Doubt::accepted)
            .changes;
    rebuilt_ += changes.known.size();
    leave(index, strangers(index, changes.listing));
}

void AccountRepair::leave(PairIndex index, const Strangers& strangers)
{
    for (const Side side : both_sides) {
        if (strangers[side].empty()) continue;
        left_ += strangers[side].size();
        say(place(index, side) + ": " + std::to_string(strangers[side].size())
            + " messages are on this side only; the next run copies them");
    }
}

/// Records of messages that are gone on both sides are forgotten on the way; those of messages that
/// one side removed stay, for the next run to follow.
Strangers AccountRepair::strangers(PairIndex index, const Both<Listing>& listing)
{
    Strangers unknown;
    for (const Side side : both_sides)
        for (const Entry& entry : listing[side].changed)
            unknown[side].emplace(entry.id, entry.marks);
    std::vector<MessageId> gone;
    for (const Known& known : memory_.load(index)) {
        const auto left = unknown.left.erase(known.id.left);
        const auto right = unknown.right.erase(known.id.right);
        if (left + right == 0) gone.push_back(known.id.right);
    }
    memory_.apply(index, {}, gone);
    return unknown;
}

std::vector<Twin>
AccountRepair::twins_of_mbsync(PairIndex index, const Listing& right, const Strangers& strangers)
{
    if (repair_.local_root.empty()) return {};
    const auto& name = pairs_[index].folder.left.name;
    const auto state =
        find_mbsync_state(repair_.local_root / name, name, right.epoch, repair_.mbsync_states);
    if (!state) return {};
    if (state->unfinished)
        report_.log(
            Level::warning,
            state->file.string()
                + ": the last run of mbsync was interrupted; run mbsync once more, or what it did "
                  "last is not known here");
    std::map<std::string, MessageId> near;
    for (const auto& [id, marks] : strangers.left)
        if (id.value.starts_with('.')) near.emplace(mbsync_uid(id.value), id);
    std::vector<Twin> twins;
    for (const auto& [far_uid, near_uid] : state->pairs) {
        const auto left = near.find(near_uid);
        const auto on_right = strangers.right.find({far_uid});
        if (left == near.end() || on_right == strangers.right.end()) continue;
        twins.push_back(twin(index, {left->second, {far_uid}}, strangers));
    }
    say(place(index, Side::left) + ": " + std::to_string(twins.size()) + " messages are known from "
        + state->file.string());
    return twins;
}

std::vector<Twin> AccountRepair::twins_by_id(PairIndex index, const Strangers& strangers) const
{
    std::vector<Twin> twins;
    if (!context_.takes_ids(Side::left)) return twins;
    for (const auto& [id, marks] : strangers.left)
        if (strangers.right.contains(id)) twins.push_back(twin(index, {id, id}, strangers));
    return twins;
}

std::vector<Twin> AccountRepair::twins_by_content(PairIndex index, const Strangers& strangers)
{
    Both<std::vector<sync::Suspect>> suspects;
    for (const Side side : both_sides)
        for (const auto& [id, marks] : strangers[side]) {
            auto& suspect = suspects[side].emplace_back();
            suspect.pair = index;
            suspect.id = id;
        }
    if (suspects.left.empty() || suspects.right.empty()) return {};
    const auto known = suspects;
    std::vector<Twin> twins;
    for (const auto& match : sync::match_content(
             context_, std::move(suspects), sync::Proof::certain, sync::Scan::same_pair)) {
        twins.push_back(
            twin(index, {known.left[match.left].id, known.right[match.right].id}, strangers));
    }
    return twins;
}

class NamedTwins final : public ResultSink {
public:
    NamedTwins(sync::Report& report, const std::vector<Twin>& twins)
        : report_(report), twins_(twins)
    {
    }
    void done(std::size_t index) override { named.push_back(twins_[index]); }
    void failed(std::size_t index, const Error& why) override
    {
        report_.failed(twins_[index].pair, why);
    }
    std::vector<Twin> named;

private:
    sync::Report& report_;
    const std::vector<Twin>& twins_;
};

/// On a side that takes ids the message gets the right side's; not in a dry run.
std::vector<Twin> AccountRepair::named(const std::vector<Twin>& twins)
{
    if (!context_.takes_ids(Side::left) || twins.empty() || rules_.dry_run) return twins;
    std::vector<Assign> assigns;
    assigns.reserve(twins.size());
    for (const Twin& twin : twins)
        assigns.push_back({{context_.folder(twin.pair, Side::left), twin.id.left}, twin.id.right});
    NamedTwins sink(report_, twins);
    (*context_.sessions.left->take()).assign(assigns, sink);
    for (Twin& twin : sink.named)
        twin.id.left = twin.id.right;
    return std::move(sink.named);
}

/// Records what both sides have; marks that one side has more than the other go over with the next
/// run.
void AccountRepair::join(PairIndex index, const std::vector<Twin>& twins, Strangers& strangers)
{
    for (const Twin& twin : twins)
        for (const Side side : both_sides)
            strangers[side].erase(twin.id[side]);
    std::vector<Known> records;
    for (const Twin& twin : named(twins)) {
        const auto &left = keywords_[twin.marks.left.keywords],
                   &right = keywords_[twin.marks.right.keywords];
        std::vector<std::string> shared;
        std::ranges::set_intersection(left, right, std::back_inserter(shared));
        records.push_back(
            {twin.id, {twin.marks.left.flags & twin.marks.right.flags, keywords_.intern(shared)}});
    }
    memory_.apply(index, records, {});
    rebuilt_ += records.size();
}

/// So that the next run looks at the whole folder again.
void AccountRepair::forget_tokens(PairIndex index)
{
    std::vector<Note> notes;
    for (const auto& note : store_.notes())
        if (note.folder == pairs_[index].status_name && !sync::Memory::is_announcement(note)
            && !sync::MappedIds::is_note(note))
            notes.push_back({note.folder, note.name, {}});
    memory_.put(notes);
}

}  // namespace

void repair_account(
    const sync::SyncRules& rules, const RepairRules& repair,
    const Both<sync::SessionPool*>& sessions, StatusStore& store, sync::Events& events,
    sync::StopSigns& stop)
{
    AccountRepair(rules, repair, sessions, store, events, stop).run();
}

}  // namespace offlineimap::core
