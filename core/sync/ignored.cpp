// SPDX-License-Identifier: Apache-2.0
#include "ignored.hpp"

#include <algorithm>
#include <string_view>

namespace offlineimap::sync {
namespace {

constexpr char between = '\n';

std::set<MessageId> ids_in(std::string_view note)
{
    std::set<MessageId> ids;
    while (!note.empty()) {
        const auto end = std::min(note.find(between), note.size());
        ids.insert({std::string(note.substr(0, end))});
        note.remove_prefix(std::min(end + 1, note.size()));
    }
    return ids;
}

}  // namespace

const std::set<MessageId>& Ignored::of(const Place& place)
{
    const auto [answer, is_new] = answers_.try_emplace(place);
    const auto& [pair, side] = place;
    const auto& asked = context_.rules[side].ignored;
    if (is_new && asked) answer->second = asked(context_.pairs[pair].folder[side].name);
    return answer->second;
}

bool Ignored::load(PairIndex pair, Side side, const std::string& note)
{
    const Place place {pair, side};
    bool all = true;
    for (const auto& id : ids_in(note)) {
        const bool still = of(place).contains(id);
        if (still) left_out_[place].insert(id);
        all = all && still;
    }
    return all;
}

void Ignored::take_out(Plan& plan)
{
    std::erase_if(plan.copies, [this](const Copy& copy) {
        const Place place {copy.pair, other(copy.to)};
        if (!context_.rules[place.second].ignored || !of(place).contains(copy.id)) return false;
        left_out_[place].insert(copy.id);
        return true;
    });
}

std::string Ignored::note(PairIndex pair, Side side) const
{
    std::string note;
    if (const auto ids = left_out_.find({pair, side}); ids != left_out_.end())
        for (const auto& id : ids->second)
            note += (note.empty() ? "" : std::string(1, between)) + id.value;
    return note;
}

}  // namespace offlineimap::sync
