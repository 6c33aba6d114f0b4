// SPDX-License-Identifier: Apache-2.0
#include "start_ids.hpp"

#include <algorithm>
#include <string>

namespace offlineimap::core {

namespace {

class Lowest final : public RecordSink {
public:
    explicit Lowest(sync::Side side) : side_(side) { }
    void record(const Record& record) override
    {
        const auto& id = side_ == sync::Side::left ? record.left : record.right;
        if (lowest.value.empty() || id < lowest) lowest = id;
    }
    MessageId lowest;

private:
    sync::Side side_;
};

std::string lowest_id(StatusStore& store, const std::string& folder, sync::Side side)
{
    Lowest sink(side);
    const auto folders = store.folders();
    if (std::ranges::find(folders, folder) != folders.end()) store.open(folder)->load(sink);
    return sink.lowest.value.empty() ? "1" : sink.lowest.value;
}

/// What is left for the next run may bring a lower one.
bool is_complete(const sync::FolderPair& pair, const sync::FolderOutcome& outcome)
{
    return outcome.looked_at && !outcome.unfinished && outcome.failure.empty() && !pair.gone_on
        && !pair.folder.left.path.empty() && !pair.folder.right.path.empty();
}

}  // namespace

void keep_start_ids(
    const AccountSettings& account, const sync::SyncRules& rules, const sync::SyncResult& result,
    StatusStore& store)
{
    if (rules.dry_run) return;
    for (const auto side : sync::both_sides) {
        const auto& repository = side == sync::Side::left ? account.local : account.remote;
        if (!repository.start_date) continue;
        const sync::FolderValidity kept(rules.state[side], rules.flush, "StartUID");
        for (std::size_t i = 0; i < result.pairs.size(); ++i) {
            const auto& pair = result.pairs[i];
            const auto& name = pair.folder[side].name;
            if (is_complete(pair, result.outcomes[i]) && kept.load(name).empty())
                kept.save(name, lowest_id(store, pair.status_name, side));
        }
    }
}

}  // namespace offlineimap::core
