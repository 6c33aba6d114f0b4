// SPDX-License-Identifier: Apache-2.0
#include "account_sync.hpp"

#include "approval.hpp"
#include "execute.hpp"
#include "gather.hpp"
#include "mapped_ids.hpp"
#include "moves.hpp"
#include "recovery.hpp"
#include "second_look.hpp"
#include "threads.hpp"
#include "tokens.hpp"
#include "twins.hpp"
#include "validity.hpp"
#include "window.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace offlineimap::sync {
namespace {

class AccountSync {
public:
    AccountSync(
        const SyncRules& rules, const Both<SessionPool*>& sessions, StatusStore& store,
        Events& events, StopSigns& stop)
        : rules_(rules)
        , store_(store)
        , report_(events, rules.account, rules.repositories)
        , memory_(store, pairs_, keywords_, report_)
        , context_ {sessions, {}, rules.sides, pairs_, keywords_, memory_, report_, stop}
        , tokens_(context_)
        , validity_ {
              FolderValidity(rules.state.left, rules.flush),
              FolderValidity(rules.state.right, rules.flush)}
        , mapped_ids_(context_, rules.state.left)
        , second_look_(context_, folders_)
    {
    }

    SyncResult run()
    {
        try {
            connect_and_list();
            pair();
            // What could not be seen to end is looked up by content and finished in the next pass.
            constexpr int most_passes = 4;
            for (int pass = 0; pass < most_passes && sync_once(); ++pass) { }
            give_up_unresolved();
            second_look_.finish();
            if (approval_) approval_->finish();
            if (!rules_.dry_run) {
                mapped_ids_.save();
                tokens_.keep(unsettled_);
            }
        } catch (const Error& error) {
            if (error.code() == Errc::cancelled) throw;
            report_.failed(error);
            failure_ = error.what();
        }
        say_summary();
        auto outcomes = this->outcomes();
        return {report_.counts(),         report_.failures(),  std::move(pairs_),
                std::move(account_plan_), std::move(outcomes), failure_,
                report_.new_mail()};
    }

private:
    void connect_and_list();
    void list(Side side);
    bool list_with_one_session(Side side);
    void pair();
    void forget_remade();
    DeleteBudgets budgets() const { return {rules_.budget, rules_.repository_budget}; }
    void refuse_if_most_are_gone(const std::vector<WantedFolder>& wanted);
    void correct_ids();
    FolderPair& find_wanted(const WantedFolder& wanted);
    void create(const WantedFolder& wanted);
    void make(const WantedFolder& wanted, PairIndex index);
    bool sync_once();
    void tell(const Plan& plan);
    void keep_to_approved(Plan& plan);
    void give_up_unresolved();
    std::vector<Inquiry> inquire();
    bool is_touched(const FolderPair& pair) const;
    bool plan_pair(const Inquiry& inquiry, Both<Listing> listing, Plan& plan);
    void say_refused(Plan& plan);
    bool check_validity(const Inquiry& inquiry, const Both<Listing>& listing);
    void keep_validity(PairIndex pair, const Both<Listing>& listing);
    std::size_t recover_renumbered(Plan& plan);
    void
    recover_pair(PairIndex pair, const Both<bool>& renumbered, Both<Listing> listing, Plan& plan);
    std::vector<Known> known(PairIndex pair, const Both<Listing>& listing);
    void say_begin(const Inquiry& inquiry) const;
    void say_listed(PairIndex pair, Side side, const Listing& listing) const;
    void say_summary() const;
    std::vector<FolderOutcome> outcomes() const;

    const SyncRules& rules_;
    StatusStore& store_;
    std::vector<FolderPair> pairs_;
    KeywordSets keywords_;
    Report report_;
    Memory memory_;
    SyncContext context_;
    Tokens tokens_;
    Both<FolderValidity> validity_;
    Both<std::vector<FolderInfo>> folders_;
    MappedIds mapped_ids_;
    SecondLook second_look_;
    bool looks_again_ = false;  ///< for what second_look_ has put off
    Lookup lookup_;
    std::map<PairIndex, Both<bool>> renumbered_;
    std::string failure_;
    std::set<PairIndex> unsettled_;  ///< of these the next run must look at all again
    std::optional<Approval> approval_;
    bool in_sequel_ = false;  ///< a pass that ends what the first one began
    AccountPlan account_plan_;
};

// 1. Connect and list both sides at once. Afterwards every folder's present token is known.
void AccountSync::connect_and_list()
{
    const auto phase = report_.phase("connect and list");
    run_side_by_side(
        2, [this](std::size_t i) { list(both_sides[i]); }, [this] { report_.worker_ends(); });
    if (store_.folders().empty()) return;
    for (const Side side : both_sides)
        if (folders_[side].empty())
            throw Error(
                Errc::stopped, Scope::repository, Retry::never,
                "repository " + rules_.repositories[side]
                    + " has no folders at all, but was synchronised before: a disk that is not "
                      "mounted, a wrong path or a broken server? Nothing was changed. If it is "
                      "meant to be empty, remove the Account-"
                    + rules_.account + " folder in the metadata directory");
}

void AccountSync::list(Side side)
{
    // One held since the last run may be dead: then so are the others.
    while (!list_with_one_session(side))
        context_.sessions[side]->close();
}

/// False when the other side had left before.
bool AccountSync::list_with_one_session(Side side)
{
    auto session = context_.sessions[side]->take();
    try {
        context_.abilities[side] = session->capabilities();
        folders_[side] = session->folders();
    } catch (const Error& error) {
        if (error.scope() >= Scope::session) session.drop();
        if (session.was_idle() && error.retry() == Retry::reconnect) return false;
        // A local root that is not there yet: its folders are made as they come.
        if (side == Side::right || error.code() != Errc::not_found) throw;
        session.drop();
    } catch (...) {
        session.drop();
        throw;
    }
    return true;
}

// 2. Pair the folders and make what is missing. Afterwards each pair is one to one, and what was
// kept of it is known.
void AccountSync::pair()
{
    auto pairing = pair_folders(folders_, rules_.folders, rules_.repositories);
    for (const auto& warning : pairing.warnings)
        report_.log(Level::warning, warning);
    pairs_ = std::move(pairing.pairs);
    if (pairs_.empty())
        throw Error(
            Errc::config,
            "account " + rules_.account + ": no folder to sync (folderfilter issue?)");
    const auto notes = store_.notes();
    tokens_.load(notes);
    mapped_ids_.load(notes);
    for (PairIndex i = 0; i < pairs_.size(); ++i)
        if (pairs_[i].was_storing) lookup_.unsettled.insert(i);
    if (rules_.approved) approval_.emplace(context_, *rules_.approved);
    for (const WantedFolder& wanted : pairing.wanted)
        find_wanted(wanted).fresh = true;
    refuse_if_most_are_gone(pairing.wanted);
    // Before they are made: a run that ends between the two must not find records without a folder.
    forget_remade();
    for (const WantedFolder& wanted : pairing.wanted)
        create(wanted);
    correct_ids();
}

/// Afterwards the records' local ids are those that the original knows, too.
void AccountSync::correct_ids()
{
    const auto keep = rules_.dry_run ? MappedIds::Keep::no : MappedIds::Keep::yes;
    for (const PairIndex i : mapped_ids_.correct(store_.folders(), keep)) {
        lookup_.unsettled.insert(i);
        for (const Side side : both_sides)  // what has no record any more is to be listed
            pairs_[i].kept[side].token = pairs_[i].kept[side].quick_token = "";
    }
}

/// A folder that is gone is made again. When most are, it is not people who removed them.
void AccountSync::refuse_if_most_are_gone(const std::vector<WantedFolder>& wanted)
{
    const auto remembered = store_.folders();
    const std::set<std::string> known(remembered.begin(), remembered.end());
    Both<std::size_t> gone;
    std::size_t all = 0;
    for (const FolderPair& pair : pairs_)
        all += known.contains(pair.status_name);
    for (const WantedFolder& one : wanted)
        gone[one.on] += known.contains(find_wanted(one).status_name);
    constexpr std::size_t few = 3;
    for (const Side side : both_sides)
        if (gone[side] >= few && gone[side] * 2 > all && !budgets().of(side).unlimited())
            throw Error(
                Errc::stopped, Scope::repository, Retry::never,
                "repository " + rules_.repositories[side] + " lacks " + std::to_string(gone[side])
                    + " of " + std::to_string(all)
                    + " folders that were synchronised before: a disk that is not mounted, a wrong "
                      "path or a broken server? Nothing was changed. If they were removed on "
                      "purpose, this makes them again and fills them: "
                    + approval_command(context_, budgets()));
}

FolderPair& AccountSync::find_wanted(const WantedFolder& wanted)
{
    return *std::find_if(pairs_.begin(), pairs_.end(), [&](const FolderPair& p) {
        return p.folder[wanted.on].path.empty() && p.name == wanted.name;
    });
}

void AccountSync::create(const WantedFolder& wanted)
{
    FolderPair* const pair = &find_wanted(wanted);
    pair->folder[wanted.on].name = wanted.name;
    const auto index = static_cast<PairIndex>(pair - pairs_.data());
    if (approval_ && !approval_->allows_making(index, wanted.on)) return;
    report_.say(
        EventKind::folder_created, wanted.on, wanted.name,
        (rules_.dry_run ? "[DRYRUN] Creating folder " : "Creating folder ") + wanted.name + "["
            + rules_.repositories[wanted.on] + "]");
    if (!rules_.dry_run) make(wanted, index);
}

void AccountSync::make(const WantedFolder& wanted, PairIndex index)
{
    try {
        auto session = context_.sessions[wanted.on]->take();
        try {
            pairs_[index].folder[wanted.on] = session->create_folder(wanted.path);
        } catch (const Error& error) {
            if (error.scope() >= Scope::session) session.drop();
            throw;
        }
        Counts counts;
        counts.folders_created = 1;
        report_.add(counts);
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) throw;
        report_.failed(index, error);
    }
}

/// A folder that was removed on one side is made again and filled again, never emptied on the
/// other: its records are void.
void AccountSync::forget_remade()
{
    const auto remembered = store_.folders();
    for (PairIndex i = 0; i < pairs_.size(); ++i) {
        FolderPair& pair = pairs_[i];
        const auto known = std::find(remembered.begin(), remembered.end(), pair.status_name);
        const bool is_made = rules_.dry_run || !report_.is_held_back(i);
        if (!pair.fresh || !is_made || known == remembered.end()) continue;
        report_.log(
            Level::warning,
            "folder " + pair.name
                + " was removed on one side; it is made there again, and nothing is deleted on the "
                  "other");
        pair.kept = {};
        if (!rules_.dry_run) store_.erase(pair.status_name);
    }
}

/// One pass over all pairs that may differ. True when another one is needed.
bool AccountSync::sync_once()
{
    context_.stop.check();
    const auto inquiries = inquire();
    if (inquiries.empty()) return false;
    report_.say(
        EventKind::listing, Side::right, {},
        "Checking " + std::to_string(inquiries.size()) + " of " + std::to_string(pairs_.size())
            + " folders",
        inquiries.size());
    for (const Inquiry& inquiry : inquiries)
        say_begin(inquiry);

    // 3. Gather what changed from both sides; 4. plan each pair as soon as both have told.
    // Afterwards the plan says all that is to be done, and nothing has been changed.
    Plan plan;
    std::size_t planned = 0;
    gather(context_, inquiries, [&](const Inquiry& inquiry, Both<Listing> listing) {
        for (const Side side : both_sides)
            if (inquiry.ask[side]) say_listed(inquiry.pair, side, listing[side]);
        try {
            if (plan_pair(inquiry, std::move(listing), plan)) ++planned;
        } catch (const Error& error) {
            if (error.scope() > Scope::folder) throw;
            report_.failed(inquiry.pair, error);
        }
    });
    planned += recover_renumbered(plan);
    // What lies in a folder that did not tell may be what others are looked through for.
    if (planned < inquiries.size())
        unsettled_.insert(lookup_.unsettled.begin(), lookup_.unsettled.end());
    const auto lookup = std::exchange(lookup_, {});
    find_twins(context_, lookup, plan);
    find_moves(context_, plan);
    find_carried(context_, lookup, plan);
    keep_to_windows(context_, plan);

    // 5. Guard. Afterwards the plan removes no more than the budget allows.
    guard(context_, budgets(), plan);
    if (rules_.dry_run) {
        tell(plan);
        return false;
    }
    looks_again_ = second_look_.put_off(plan);
    keep_to_approved(plan);

    // 6. Execute. Afterwards each batch that both sides have durably is recorded.
    if (!plan.empty()) execute(context_, std::move(plan));
    lookup_.unsettled = report_.take_unresolved();
    return looks_again_ || !lookup_.unsettled.empty();
}

/// What a dry run ends with.
void AccountSync::tell(const Plan& plan)
{
    account_plan_ = describe(context_, plan, rules_.sizes);
    for (const PlannedFolder& folder : account_plan_.folders)
        for (const PlannedAction& action : folder.actions)
            if (action.kind != PlannedAction::Kind::create)  // that was said
                report_.log(
                    Level::info, "[DRYRUN] " + sentence(action, folder, rules_.repositories));
}

void AccountSync::keep_to_approved(Plan& plan)
{
    if (!approval_) return;
    if (std::exchange(in_sequel_, true))
        approval_->restrict_sequel(plan);
    else
        approval_->restrict(plan);
}

void AccountSync::give_up_unresolved()
{
    unsettled_.insert(lookup_.unsettled.begin(), lookup_.unsettled.end());
    for (const PairIndex pair : lookup_.unsettled)
        report_.failed(
            pair,
            Error(
                Errc::unavailable, Scope::folder, Retry::later,
                "folder " + pairs_[pair].name
                    + ": could not find out whether messages arrived; the next run looks again"));
}

std::vector<Inquiry> AccountSync::inquire()
{
    std::vector<Inquiry> inquiries;
    for (PairIndex i = 0; i < pairs_.size(); ++i) {
        if (report_.is_held_back(i) && pairs_[i].fresh) continue;  // it could not be made
        if (!looks_again_ && !is_touched(pairs_[i])) continue;
        Inquiry inquiry {i, {}, {}};
        const bool all = pairs_[i].fresh || !lookup_.unsettled.empty() || looks_again_;
        for (const Side side : both_sides)
            inquiry.ask[side] = all || tokens_.differs(i, side, rules_.mode);
        if (rules_.dry_run)  // what is not made yet cannot be asked
            for (const Side side : both_sides)
                if (pairs_[i].folder[side].path.empty()) inquiry.ask[side] = false;
        if (!inquiry.ask.left && !inquiry.ask.right) continue;
        try {
            for (const Side side : both_sides)
                if (inquiry.ask[side])
                    inquiry.epoch[side] = validity_[side].load(pairs_[i].folder[side].name);
        } catch (const Error& error) {
            if (error.scope() > Scope::folder) throw;
            report_.failed(i, error);
            continue;
        }
        inquiries.push_back(std::move(inquiry));
    }
    return inquiries;
}

bool AccountSync::is_touched(const FolderPair& pair) const
{
    if (!rules_.touched) return true;
    return std::any_of(std::begin(both_sides), std::end(both_sides), [&](Side side) {
        return (*rules_.touched)[side].contains(pair.folder[side].path);
    });
}

/// False when the pair could not be planned, which was said.
bool AccountSync::plan_pair(const Inquiry& inquiry, Both<Listing> listing, Plan& plan)
{
    const PairIndex pair = inquiry.pair;
    for (const Side side : both_sides) {
        if (!listing[side].next_id.empty())
            pairs_[pair].folder[side].next_id = listing[side].next_id;
        if (!listing[side].epoch.empty()) pairs_[pair].folder[side].epoch = listing[side].epoch;
        if (pairs_[pair].fresh && !inquiry.ask[side]) {
            listing[side].kind = Listing::Kind::snapshot;
            listing[side].storable = storable_from_note({});
        }
        pairs_[pair].storable[side] = listing[side].storable;
    }
    FolderChanges changes;
    changes.pair = pair;
    // In a dry run nobody erased the void records of a folder that is to be made again.
    const bool is_void = rules_.dry_run && pairs_[pair].fresh;
    if (!is_void)
        changes.known =
            mapped_ids_.is_stale(pair) ? mapped_ids_.corrected(pair) : known(pair, listing);
    changes.left_takes_ids = context_.takes_ids(Side::left);
    changes.announced = memory_.marks_by_id(pair);
    changes.listing = std::move(listing);
    const bool both_have_news =
        !changes.listing.left.changed.empty() && !changes.listing.right.changed.empty();
    if (changes.known.empty() && both_have_news && memory_.size(pair) == 0)
        lookup_.unknown.insert(pair);
    if (!check_validity(inquiry, changes.listing)) return false;
    plan_folder(changes, rules_.sides, keywords_, plan);
    say_refused(plan);
    tokens_.seen(pair, changes.listing);
    return true;
}

/// What a folder does not take is done when it does: its tokens stay the old ones.
void AccountSync::say_refused(Plan& plan)
{
    for (const Refused& refused : std::exchange(plan.refused, {})) {
        const std::string text = "folder " + pairs_[refused.pair].folder[refused.side].name
            + " (repo " + rules_.repositories[refused.side] + ") cannot be written to: ";
        if (refused.what == Refused::What::message) {
            report_.failed(
                refused.pair, Error(Errc::permission, text + "the messages that it lacks wait"));
        } else {
            report_.hold_back(refused.pair);
            report_.log(Level::warning, text + "its marks and deletions stay as they are");
        }
    }
}

/// Ids mean nothing in another epoch: such a folder is looked at as a whole, by content.
bool AccountSync::check_validity(const Inquiry& inquiry, const Both<Listing>& listing)
{
    const PairIndex pair = inquiry.pair;
    Both<bool> renumbered;
    for (const Side side : both_sides) {
        const std::string& now = listing[side].epoch;
        renumbered[side] = inquiry.ask[side] && !now.empty() && now != inquiry.epoch[side]
            && !inquiry.epoch[side].empty();
    }
    const bool has_void_ids = memory_.size(pair) != 0 || context_.takes_ids(Side::left);
    if ((renumbered.left || renumbered.right) && has_void_ids) {
        renumbered_[pair] = renumbered;
        return false;
    }
    keep_validity(pair, listing);
    return true;
}

void AccountSync::keep_validity(PairIndex pair, const Both<Listing>& listing)
{
    if (rules_.dry_run) return;
    for (const Side side : both_sides)
        if (!listing[side].epoch.empty())
            validity_[side].keep(pairs_[pair].folder[side].name, listing[side].epoch);
}

/// Folders of which a side numbers its messages anew. Afterwards those that could be put together
/// again are planned as the others; returns how many.
std::size_t AccountSync::recover_renumbered(Plan& plan)
{
    const auto renumbered = std::exchange(renumbered_, {});
    if (renumbered.empty()) return 0;
    std::size_t planned = 0;
    std::vector<Inquiry> inquiries;
    for (const auto& [pair, sides] : renumbered) {
        for (const Side side : both_sides)
            pairs_[pair].kept[side].token.clear();
        inquiries.push_back({pair, {true, true}, {}});
    }
    std::vector<std::pair<PairIndex, Both<Listing>>> told;
    gather(context_, inquiries, [&](const Inquiry& inquiry, Both<Listing> listing) {
        told.emplace_back(inquiry.pair, std::move(listing));
    });
    for (auto& [pair, listing] : told) {
        try {
            recover_pair(pair, renumbered.at(pair), std::move(listing), plan);
            ++planned;
        } catch (const Error& error) {
            if (error.scope() > Scope::folder) throw;
            report_.failed(pair, error);
        }
    }
    return planned;
}

void AccountSync::recover_pair(
    PairIndex pair, const Both<bool>& renumbered, Both<Listing> listing, Plan& plan)
{
    FolderChanges changes;
    changes.pair = pair;
    changes.known = memory_.load(pair);
    changes.left_takes_ids = context_.takes_ids(Side::left);
    changes.listing = std::move(listing);
    changes = recover(
        context_, std::move(changes), renumbered, rules_.dry_run ? Rehearsal::yes : Rehearsal::no);
    keep_validity(pair, changes.listing);
    lookup_.unsettled.insert(pair);  // what was carried elsewhere has lost its record
    plan_folder(changes, rules_.sides, keywords_, plan);
    say_refused(plan);
    tokens_.seen(pair, changes.listing);
}

std::vector<Known> AccountSync::known(PairIndex pair, const Both<Listing>& listing)
{
    using Kind = Listing::Kind;
    const bool left_is_delta = listing.left.kind == Kind::untouched
        || (listing.left.kind == Kind::delta && context_.takes_ids(Side::left));
    const bool right_is_delta =
        listing.right.kind == Kind::untouched || listing.right.kind == Kind::delta;
    if (!left_is_delta || !right_is_delta) return memory_.load(pair);
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
    return memory_.find(pair, ids);
}

std::vector<FolderOutcome> AccountSync::outcomes() const
{
    std::vector<FolderOutcome> outcomes;
    for (PairIndex i = 0; i < pairs_.size(); ++i)
        outcomes.push_back(
            {is_touched(pairs_[i]), report_.is_held_back(i) || !failure_.empty(),
             report_.last_failure(i)});
    return outcomes;
}

void AccountSync::say_begin(const Inquiry& inquiry) const
{
    const FolderPair& pair = pairs_[inquiry.pair];
    EventDetails details;
    details.from.folder = pair.folder.right.name;
    details.to.folder = pair.folder.left.name;
    report_.say(
        EventKind::folder_begin, Side::left, pair.name,
        "Syncing " + pair.folder.right.name + ": " + rules_.repositories.right + " -> "
            + rules_.repositories.left,
        0, details);
}

void AccountSync::say_listed(PairIndex pair, Side side, const Listing& listing) const
{
    const std::string& name = pairs_[pair].folder[side].name;
    EventDetails details;
    details.to.folder = name;
    const std::uint64_t messages = listing.changed.size() + listing.present.size();
    report_.say(
        EventKind::listed, side, name,
        "Message list for " + rules_.repositories[side] + "[" + name
            + "]: " + std::to_string(messages) + " messages",
        messages, details, Level::debug);
}

void AccountSync::say_summary() const
{
    const Counts counts = report_.counts();
    std::string text = "Account " + rules_.account + ":";
    const auto add = [&](std::uint64_t number, const char* what) {
        if (number != 0) text += " " + std::to_string(number) + " " + what + ",";
    };
    add(counts.copied, "copied");
    add(counts.moved, "moved");
    add(counts.edited, "with changed marks");
    add(counts.removed, "deleted");
    add(counts.folders_created, "folders created");
    if (text.back() == ':') text += " nothing to do,";
    text.pop_back();
    report_.say(EventKind::summary, Side::right, {}, text, pairs_.size());
}

}  // namespace

SyncResult sync_account(
    const SyncRules& rules, const Both<SessionPool*>& sessions, StatusStore& store, Events& events,
    StopSigns& stop)
{
    return AccountSync(rules, sessions, store, events, stop).run();
}

}  // namespace offlineimap::sync
