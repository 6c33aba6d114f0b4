// SPDX-License-Identifier: Apache-2.0
#include "run_words.hpp"

#include <utility>

namespace offlineimap::sync {

void say_begin(const SyncContext& context, PairIndex index)
{
    const FolderPair& pair = context.pairs[index];
    EventDetails details;
    details.from.folder = pair.folder.right.name;
    details.to.folder = pair.folder.left.name;
    context.report.say(
        EventKind::folder_begin, Side::left, pair.name,
        "Syncing " + pair.folder.right.name + ": " + context.repository(Side::right) + " -> "
            + context.repository(Side::left),
        0, details);
}

void say_listed(const SyncContext& context, PairIndex pair, Side side, const Listing& listing)
{
    const std::string& name = context.pairs[pair].folder[side].name;
    EventDetails details;
    details.to.folder = name;
    const std::uint64_t messages = listing.changed.size() + listing.present.size();
    context.report.say(
        EventKind::listed, side, name,
        "Message list for " + context.repository(side) + "[" + name
            + "]: " + std::to_string(messages) + " messages",
        messages, details, Level::debug);
}

void say_summary(const SyncContext& context, const AccountPlan& rehearsed)
{
    const Counts counts = context.report.counts();
    std::string text = "Account " + context.report.account() + ":";
    const auto add = [&](std::uint64_t number, const char* what) {
        if (number != 0) text += " " + std::to_string(number) + " " + what + ",";
    };
    add(counts.copied, "copied");
    add(counts.moved, "moved");
    add(counts.edited, "with changed marks");
    add(counts.removed, "deleted");
    add(counts.folders_created, "folders created");
    const bool leaves_work = !rehearsed.folders.empty() || !context.report.failures().empty();
    if (text.back() == ':') text += leaves_work ? " nothing done," : " nothing to do,";
    text.pop_back();
    context.report.say(EventKind::summary, Side::right, {}, text, context.pairs.size());
}

void say_planned(const SyncContext& context, const AccountPlan& plan)
{
    for (const PlannedFolder& folder : plan.folders)
        for (const PlannedAction& action : folder.actions)
            if (action.kind != PlannedAction::Kind::create)
                context.report.log(
                    Level::info, "[DRYRUN] " + sentence(action, folder, plan.repositories));
}

void say_refused(SyncContext& context, Plan& plan)
{
    for (const Refused& refused : std::exchange(plan.refused, {})) {
        const std::string text = "folder " + context.pairs[refused.pair].folder[refused.side].name
            + " (repo " + context.repository(refused.side) + ") cannot be written to: ";
        if (refused.what == Refused::What::message) {
            context.report.failed(
                refused.pair, Error(Errc::permission, text + "the messages that it lacks wait"));
        } else {
            context.report.hold_back(refused.pair);
            context.report.log(Level::warning, text + "its marks and deletions stay as they are");
        }
    }
}

}  // namespace offlineimap::sync
