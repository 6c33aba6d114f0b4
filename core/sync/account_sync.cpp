// SPDX-License-Identifier: Apache-2.0
#include "account_sync.hpp"

#include "approval.hpp"
#include "execute.hpp"
#include "folder_lists.hpp"
#include "gather.hpp"
#include "hidden.hpp"
#include "ignored.hpp"
#include "inquiries.hpp"
#include "mapped_ids.hpp"
#include "moves.hpp"
#include "other_owners.hpp"
#include "pair_planner.hpp"
#include "renumbered.hpp"
#include "run_words.hpp"
#include "second_look.hpp"
#include "tokens.hpp"
#include "twins.hpp"
#include "wanted_folders.hpp"
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
        , report_(events, {rules.account, rules.typed}, rules.repositories)
        , memory_(store, pairs_, keywords_, report_)
        , context_ {sessions, {}, rules.sides, pairs_, keywords_, memory_, report_, stop}
        , ignored_(context_)
        , tokens_(context_, ignored_)
        , lists_(context_)
        , renumbered_(context_, rules)
        , mapped_ids_(context_, rules.state.left)
        , hidden_(rules, context_, renumbered_)
        , second_look_(context_)
        , inquiries_(rules, context_, tokens_, lists_, renumbered_, second_look_)
        , planner_(rules, context_, mapped_ids_, renumbered_, tokens_, lookup_)
    {
    }

    SyncResult run()
    {
        try {
            connect_and_list();
            pair();
            passes();
            give_up_unresolved();
            second_look_.finish();
            if (approval_) approval_->finish();
            if (!rules_.dry_run) {
                if (has_looked_everywhere()) wanted_->leave_gone();
                wanted_->forget_those_that_came_back();
                wanted_->finish();
                mapped_ids_.save();
                tokens_.keep(unsettled_);
                hidden_.finish();
            }
        } catch (const Error& error) {
            if (error.code() == Errc::cancelled) throw;
            report_.failed(error);
            failure_ = error.what();
        }
        say_summary(context_, account_plan_);
        return result();
    }

private:
    void connect_and_list();
    void pair();
    void correct_ids();
    bool has_looked_everywhere() const
    {
        return rules_.reach == SyncRules::Reach::all_folders && !rules_.touched && has_told_all_
            && unsettled_.empty();
    }
    enum class Next : std::uint8_t { nothing, another_pass };
    void passes();
    Next sync_once();
    void remember_gone(Plan& plan);
    void tell(const Plan& plan);
    void keep_to_approved(Plan& plan);
    void give_up_unresolved();
    void keep_unasked(const std::vector<Inquiry>& inquiries);
    SyncResult result();
    enum class Made : std::uint8_t { none, some };
    Made make_folders_again();

    const SyncRules& rules_;
    StatusStore& store_;
    std::vector<FolderPair> pairs_;
    KeywordSets keywords_;
    Report report_;
    Memory memory_;
    SyncContext context_;
    Ignored ignored_;
    Tokens tokens_;
    FolderLists lists_;
    Renumbered renumbered_;
    MappedIds mapped_ids_;
    Hidden hidden_;
    SecondLook second_look_;
    Inquiries inquiries_;
    Lookup lookup_;
    PairPlanner planner_;
    std::string failure_;
    std::set<PairIndex> unsettled_;        ///< of these the next run must look at all again
    std::set<PairIndex> looked_up_later_;  ///< again, as soon as a folder has been made
    std::optional<Approval> approval_;
    std::optional<WantedFolders> wanted_;
    bool has_told_all_ = true;  ///< every folder asked
    Inquiries::Pass pass_ = Inquiries::Pass::first;
    AccountPlan account_plan_;
};

// 1. Connect and list both sides at once. Afterwards every folder's present token is known.
void AccountSync::connect_and_list()
{
    const auto phase = report_.phase("connect and list");
    lists_.list();
    if (store_.folders().empty()) return;
    for (const Side side : both_sides)
        if (lists_.folders()[side].empty())
            throw Error(
                Errc::stopped, Scope::repository, Retry::never,
                "repository " + rules_.repositories[side]
                    + " has no folders at all, but was synchronised before: a disk that is not "
                      "mounted, a wrong path or a broken server? Nothing was changed. If it is "
                      "meant to be empty, remove the Account-"
                    + rules_.account + " folder in the metadata directory");
}

// 2. Pair the folders and make what is missing. Afterwards each pair is one to one, and what was
// kept of it is known.
void AccountSync::pair()
{
    const auto notes = store_.notes();
    auto looked_for = WantedFolders::looked_for(notes);
    std::set<std::string> known;
    for (const auto& folder : store_.folders())
        if (!looked_for.contains(folder)) known.insert(folder);
    auto pairing = pair_folders(lists_.folders(), rules_.folders, rules_.repositories, known);
    for (const auto& warning : pairing.warnings)
        report_.log(Level::warning, warning);
    pairs_ = std::move(pairing.pairs);
    if (std::none_of(pairs_.begin(), pairs_.end(), [](const auto& pair) { return pair.is_chosen; }))
        throw Error(
            Errc::config,
            "account " + rules_.account + ": no folder to sync (folderfilter issue?)");
    refuse_folders_of_others(rules_, pairs_);
    tokens_.load(notes);
    mapped_ids_.load(notes);
    for (PairIndex i = 0; i < pairs_.size(); ++i)
        if (pairs_[i].was_storing) lookup_.unsettled.insert(i);
    hidden_.begin();
    if (rules_.approved) approval_.emplace(context_, *rules_.approved);
    wanted_.emplace(rules_, context_, store_, pairing.wanted, std::move(looked_for))
        .refuse_if_most_are_gone();
    wanted_->find_gone();
    wanted_->create(approval_ ? &*approval_ : nullptr);
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

/// What could not be seen to end is looked up by content and finished in another pass.
void AccountSync::passes()
{
    constexpr int most_passes = 4;  // since the last folder was made
    for (int pass = 1; sync_once() == Next::another_pass && pass < most_passes; ++pass) {
        const bool may_make = lookup_.unsettled.empty() && has_told_all_;
        if (may_make && make_folders_again() == Made::some) pass = 0;
        // What is looked for may have been carried to a folder that this run knows nothing of.
        if (!lists_.list_again()) return;
        pass_ = Inquiries::Pass::sequel;
    }
}

/// What was in them has been looked for: what was not found comes back.
AccountSync::Made AccountSync::make_folders_again()
{
    const auto pairs =
        wanted_->create_again(approval_ ? &*approval_ : nullptr, unsettled_, second_look_);
    if (pairs.empty()) return Made::none;
    tokens_.forget(pairs);
    mapped_ids_.forget(pairs);
    lookup_.unsettled = std::exchange(looked_up_later_, {});
    return Made::some;
}

/// One pass over all pairs that may differ.
AccountSync::Next AccountSync::sync_once()
{
    context_.stop.check();
    lookup_.unsettled.insert(hidden_.awaited().begin(), hidden_.awaited().end());
    const auto inquiries = inquiries_.make(pass_, lookup_.unsettled);
    keep_unasked(inquiries);
    if (inquiries.empty()) return Next::nothing;
    report_.say(
        EventKind::listing, Side::right, {},
        "Checking " + std::to_string(inquiries.size()) + " of " + std::to_string(pairs_.size())
            + " folders",
        inquiries.size());
    std::set<PairIndex> untold = inquiries_.mute();
    for (const Inquiry& inquiry : inquiries) {
        say_begin(context_, inquiry.pair);
        untold.insert(inquiry.pair);
    }

    // 3. Gather what changed from both sides; 4. plan each pair as soon as both have told.
    // Afterwards the plan says all that is to be done, and nothing has been changed.
    Plan plan;
    gather(context_, inquiries, [&](const Inquiry& inquiry, Both<Listing> listing) {
        for (const Side side : both_sides)
            if (inquiry.ask[side]) say_listed(context_, inquiry.pair, side, listing[side]);
        try {
            if (planner_.plan(inquiry, std::move(listing), plan)) untold.erase(inquiry.pair);
        } catch (const Error& error) {
            if (error.scope() > Scope::folder) throw;
            report_.failed(inquiry.pair, error);
        }
    });
    renumbered_.recover([&](const auto& changes) {
        planner_.plan_recovered(changes, plan);
        if (!pairs_[changes.pair].is_replaced) untold.erase(changes.pair);
    });
    const auto lookup = std::exchange(lookup_, {});
    hidden_.mark(untold, lookup, plan);
    find_twins(context_, lookup, plan);
    find_moves(context_, plan);
    find_carried(context_, lookup, plan);
    hidden_.remember_awaiting(lookup, plan);
    const auto& awaited = hidden_.awaited();
    unsettled_.insert(awaited.begin(), awaited.end());
    // What lies in a folder that did not tell may be what others are looked through for.
    const bool is_unseen = plan.unseen != Both<bool> {};
    has_told_all_ = untold.empty() && !is_unseen && awaited.empty();
    if (!has_told_all_) unsettled_.insert(lookup.unsettled.begin(), lookup.unsettled.end());
    put_off_what_is_in_doubt(context_, renumbered_.in_doubt(), plan);
    put_off_what_may_be_unseen(context_, plan);
    if (wanted_->put_off(plan) == WantedFolders::Moves::wait)
        looked_up_later_.insert(lookup.unsettled.begin(), lookup.unsettled.end());
    if (rules_.reach == SyncRules::Reach::chosen_ones || plan.is_hidden) remember_gone(plan);
    ignored_.take_out(plan);
    keep_to_windows(context_, plan);

    // 5. Guard. Afterwards the plan removes no more than the budget allows.
    guard(context_, rules_.budgets(), plan);
    if (rules_.dry_run) {
        tell(plan);
        return Next::nothing;
    }
    const bool looks_again = second_look_.put_off(plan) || is_unseen;
    keep_to_approved(plan);

    // 6. Execute. Afterwards each batch that both sides have durably is recorded.
    if (!plan.empty()) execute(context_, std::move(plan));
    lookup_.unsettled = report_.take_unresolved();
    if (is_unseen)  // what was put off is to be looked up still
        lookup_.unsettled.insert(lookup.unsettled.begin(), lookup.unsettled.end());
    const bool is_done = !looks_again && lookup_.unsettled.empty() && !wanted_->waits();
    return is_done ? Next::nothing : Next::another_pass;
}

/// What is to be looked up in pairs that cannot be asked now is left to the next run.
void AccountSync::keep_unasked(const std::vector<Inquiry>& inquiries)
{
    auto unasked = lookup_.unsettled;
    for (const Inquiry& inquiry : inquiries)
        unasked.erase(inquiry.pair);
    unsettled_.insert(unasked.begin(), unasked.end());
}

/// What is gone on both sides may have been carried to a folder that this run does not look at, or
/// that did not tell: for one that does, the record speaks for that.
void AccountSync::remember_gone(Plan& plan)
{
    for (const Forgotten& forgotten : std::exchange(plan.forgotten, {}))
        report_.hold_back(forgotten.pair);
}

/// What a dry run ends with.
void AccountSync::tell(const Plan& plan)
{
    account_plan_ = describe(context_, plan, rules_.sizes);
    say_planned(context_, account_plan_);
}

void AccountSync::keep_to_approved(Plan& plan)
{
    if (!approval_) return;
    if (pass_ == Inquiries::Pass::sequel)
        approval_->restrict_sequel(plan);
    else
        approval_->restrict(plan);
}

void AccountSync::give_up_unresolved()
{
    unsettled_.insert(looked_up_later_.begin(), looked_up_later_.end());
    unsettled_.insert(lookup_.unsettled.begin(), lookup_.unsettled.end());
    for (const PairIndex pair : lookup_.unsettled)
        report_.failed(
            pair,
            Error(
                Errc::unavailable, Scope::folder, Retry::later,
                "folder " + pairs_[pair].name
                    + ": could not find out whether messages arrived; the next run looks again"));
}

SyncResult AccountSync::result()
{
    SyncResult result;
    result.counts = report_.counts();
    result.failures = report_.failures();
    result.failure = failure_;
    result.new_mail = report_.new_mail();
    result.plan = std::move(account_plan_);
    for (PairIndex i = 0; i < pairs_.size(); ++i) {
        if (!pairs_[i].is_chosen) continue;
        result.outcomes.push_back(
            {inquiries_.is_touched(i), report_.is_held_back(i) || !failure_.empty(),
             report_.last_failure(i)});
        result.pairs.push_back(pairs_[i]);
    }
    return result;
}

}  // namespace

SyncResult sync_account(
    const SyncRules& rules, const Both<SessionPool*>& sessions, StatusStore& store, Events& events,
    StopSigns& stop)
{
    return AccountSync(rules, sessions, store, events, stop).run();
}

}  // namespace offlineimap::sync
