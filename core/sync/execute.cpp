// SPDX-License-Identifier: Apache-2.0
#include "execute.hpp"

#include "copy.hpp"
#include "edit.hpp"
#include "threads.hpp"

#include <algorithm>
#include <map>

namespace offlineimap::sync {
namespace {

void record_known(SyncContext& context, const Plan& plan)
{
    std::map<PairIndex, std::vector<Known>> put;
    std::map<PairIndex, std::vector<MessageId>> erase;
    for (const Adoption& adoption : plan.adoptions)
        put[adoption.pair].push_back(adoption.known);
    for (const Forgotten& forgotten : plan.forgotten)
        erase[forgotten.pair].push_back(forgotten.right);
    for (const auto& [pair, known] : put)  // at once: one may replace another
        context.memory.apply(pair, known, std::exchange(erase[pair], {}));
    for (const auto& [pair, ids] : erase)
        context.memory.apply(pair, {}, ids);
    Counts counts;
    counts.adopted = plan.adoptions.size();
    context.report.add(counts);
}

/// Which twins have the right side's id on the left now.
class Named final : public ResultSink {
public:
    Named(SyncContext& context, std::span<const Twin> twins) : context_(context), twins_(twins) { }
    void done(std::size_t index) override { named_.push_back(twins_[index]); }
    void failed(std::size_t index, const Error& why) override
    {
        const PairIndex pair = twins_[index].pair;
        if (why.code() == Errc::not_found)
            context_.report.unresolved(pair);
        else
            context_.report.failed(pair, why);
    }
    std::vector<Twin> take() { return std::move(named_); }

private:
    SyncContext& context_;
    const std::span<const Twin> twins_;
    std::vector<Twin> named_;
};

/// Gives twins one id where the left side takes it, then plans their records.
Plan join_twins(SyncContext& context, std::vector<Twin> twins)
{
    Plan plan;
    if (twins.empty()) return plan;
    if (context.takes_ids(Side::left)) {
        std::vector<Assign> assigns;
        std::map<PairIndex, std::vector<Announced>> announced;
        for (const Twin& twin : twins) {  // one that has the id already is told so
            assigns.push_back(
                {{context.folder(twin.pair, Side::left), twin.id.left}, twin.id.right});
            if (twin.id.left != twin.id.right && twin.base != Marks {})
                announced[twin.pair].push_back({twin.id.right, twin.base});
        }
        for (const auto& [pair, messages] : announced)
            context.memory.announce_ids(pair, messages);
        Named named(context, twins);
        (*context.sessions.left->take()).assign(assigns, named);
        twins = named.take();
    }
    for (Twin& twin : twins) {
        if (context.takes_ids(Side::left)) twin.id.left = twin.id.right;
        if (!twin.forgotten.empty())  // at once with the new one
            plan.forgotten.push_back({twin.pair, twin.forgotten});
        plan_adoption(
            twin, context.pairs[twin.pair].storable, context.rules, context.keywords, plan);
    }
    return plan;
}

/// INBOX and the newest messages first: pairs are sorted, and ids rise.
std::vector<Copy> copies_to(Side to, const std::vector<Copy>& all)
{
    std::vector<Copy> copies;
    std::copy_if(all.begin(), all.end(), std::back_inserter(copies), [&](const Copy& copy) {
        return copy.to == to;
    });
    std::stable_sort(copies.begin(), copies.end(), [](const Copy& a, const Copy& b) {
        return a.pair != b.pair ? a.pair < b.pair : b.id < a.id;
    });
    return copies;
}

void say_copies(SyncContext& context, const std::vector<Copy>& copies)
{
    std::map<PairIndex, std::uint64_t> count;
    for (const Copy& copy : copies)
        ++count[copy.pair];
    for (const auto& [pair, messages] : count) {
        const Side to = copies.front().to;
        const auto& folder = context.pairs[pair].folder;
        EventDetails details;
        details.from.folder = folder[other(to)].name;
        details.to.folder = folder[to].name;
        context.report.say(
            EventKind::copying, to, folder[to].name,
            "Copy " + std::to_string(messages) + " messages " + context.repository(other(to)) + ":"
                + folder[other(to)].name + " -> " + context.repository(to) + ":" + folder[to].name,
            messages, details);
    }
}

/// Should the folder be gone when the next run begins, nothing is removed there but that.
void announce_carrying(SyncContext& context, const std::vector<Removal>& removals)
{
    std::map<PairIndex, std::vector<MessageId>> carried;
    for (const Removal& removal : removals)
        if (removal.carried) carried[removal.pair].push_back(removal.id.right);
    for (const auto& [pair, ids] : carried)
        context.memory.announce_carrying(pair, ids);
}

void copy_all(SyncContext& context, std::vector<Copy> copies)
{
    const auto phase = context.report.phase("copy");
    Both<std::vector<Copy>> by_side {copies_to(Side::left, copies), copies_to(Side::right, copies)};
    copies = {};
    for (const Side to : both_sides)
        if (!by_side[to].empty()) say_copies(context, by_side[to]);
    context.report.expect(by_side.left.size() + by_side.right.size());
    const auto run = [&](std::size_t i) {
        copy_messages(context, both_sides[i], by_side[both_sides[i]]);
    };
    // With a single connection one direction after the other, else both at once.
    if (context.sessions.right->limit() > 1) {
        run_side_by_side(2, run, [&] { context.report.worker_ends(); });
    } else {
        run(0);
        run(1);
    }
}

}  // namespace

void execute(SyncContext& context, Plan plan)
{
    const Finishing finishing(context.stop);
    // That a message is gone on both sides speaks for what else is found of it: until the end.
    Plan gone;
    gone.forgotten = std::exchange(plan.forgotten, {});
    record_known(context, plan);
    remove_messages(context, plan.superseded);
    Plan joined = join_twins(context, std::move(plan.twins));
    record_known(context, joined);
    std::move(joined.edits.begin(), joined.edits.end(), std::back_inserter(plan.edits));

    edit_unrecorded(context, plan.preludes);
    announce_carrying(context, plan.removals);
    // A copy that comes before the removal it belongs to can at worst be there twice for a while.
    copy_all(context, std::move(plan.copies));
    context.stop.check();
    for (const Side on : both_sides) {
        std::vector<Transfer> transfers;
        std::copy_if(
            plan.transfers.begin(), plan.transfers.end(), std::back_inserter(transfers),
            [&](const Transfer& transfer) { return transfer.on == on; });
        auto edits = move_messages(context, on, transfers);
        std::move(edits.begin(), edits.end(), std::back_inserter(plan.edits));
    }
    context.stop.check();
    std::stable_sort(plan.edits.begin(), plan.edits.end(), [](const Edit& a, const Edit& b) {
        return a.pair < b.pair;
    });
    edit_messages(context, plan.edits);
    context.stop.check();
    remove_messages(context, plan.removals);
    record_known(context, gone);
}

}  // namespace offlineimap::sync
