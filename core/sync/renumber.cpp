// SPDX-License-Identifier: Apache-2.0
#include "renumber.hpp"

#include <utility>
#include <vector>

namespace offlineimap::sync {
namespace {

/// What became of a batch of which nothing may fail.
class AllOrError final : public StoreSink, public ResultSink {
public:
    explicit AllOrError(std::size_t count) : ids_(count) { }
    void stored(std::size_t index, const MessageId& id) override { ids_[index] = id; }
    void done(std::size_t) override { }
    void failed(std::size_t, const Error& why) override
    {
        throw Error(
            why.code(), std::max(why.scope(), Scope::folder), Retry::later,
            std::string(why.what())
                + " (while the ids of a whole folder change; the next run goes on)");
    }
    const std::vector<MessageId>& ids() const noexcept { return ids_; }

private:
    std::vector<MessageId> ids_;
};

class Renumberer {
public:
    Renumberer(SyncContext& context, const Renumbering& plan)
        : context_(context), folder_(plan.folder), present_(plan.present)
    {
        for (const MessageId& id : plan.present) {
            now_[id] = id;
            const auto it = plan.wanted.find(id);
            if (it == plan.wanted.end()) {
                if (!id.value.starts_with('.')) surplus_.push_back(id);
            } else if (it->second != id) {
                waiting_[it->second] = id;
            }
        }
    }

    std::map<MessageId, MessageId> run()
    {
        strip(surplus_);
        assign(free_ones());
        std::vector<MessageId> circle;
        circle.reserve(waiting_.size());
        for (const auto& [wanted, id] : waiting_)
            circle.push_back(id);
        const auto wanted = std::exchange(waiting_, {});
        strip(circle);
        std::vector<std::pair<MessageId, MessageId>> rest;
        rest.reserve(wanted.size());
        for (const auto& [target, id] : wanted)
            rest.emplace_back(id, target);
        assign(rest);
        return std::move(now_);
    }

private:
    using Steps = std::vector<std::pair<MessageId, MessageId>>;  ///< old id, wanted id

    /// Those whose wanted id nobody has, in an order in which each one makes room for the next.
    Steps free_ones()
    {
        Steps steps;
        std::vector<MessageId> targets;
        for (const auto& [target, id] : waiting_)
            if (!present_.contains(target)) targets.push_back(target);
        while (!targets.empty()) {
            const MessageId target = std::move(targets.back());
            targets.pop_back();
            const auto it = waiting_.find(target);
            const MessageId id = it->second;
            waiting_.erase(it);
            steps.emplace_back(id, target);
            if (waiting_.contains(id)) targets.push_back(id);
        }
        return steps;
    }

    void strip(const std::vector<MessageId>& ids)
    {
        if (ids.empty()) return;
        std::vector<Move> moves;
        moves.reserve(ids.size());
        for (const MessageId& id : ids)
            moves.push_back({{folder_, id}, folder_, {}});
        AllOrError sink(moves.size());
        (*context_.sessions.left->take()).move(moves, sink);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            now_[ids[i]] = sink.ids()[i];
            present_.erase(ids[i]);
        }
    }

    void assign(const Steps& steps)
    {
        if (steps.empty()) return;
        std::vector<Assign> assigns;
        for (const auto& [id, target] : steps)
            assigns.push_back({{folder_, now_.at(id)}, target});
        AllOrError sink(assigns.size());
        (*context_.sessions.left->take()).assign(assigns, sink);
        for (const auto& [id, target] : steps)
            now_[id] = target;
    }

    SyncContext& context_;
    const FolderIndex folder_;
    std::set<MessageId> present_;
    std::map<MessageId, MessageId> now_;      ///< by the id it had
    std::map<MessageId, MessageId> waiting_;  ///< by the id it shall have
    std::vector<MessageId> surplus_;
};

}  // namespace

std::map<MessageId, MessageId> renumber(SyncContext& context, const Renumbering& renumbering)
{
    return Renumberer(context, renumbering).run();
}

}  // namespace offlineimap::sync
