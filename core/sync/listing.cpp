// SPDX-License-Identifier: Apache-2.0
#include "listing.hpp"

#include <algorithm>

namespace offlineimap::sync {
namespace {

bool before(const Entry& a, const Entry& b)
{
    return a.id < b.id;
}

/// Of equal neighbours the last one stays.
void keep_last(std::vector<Entry>& entries)
{
    std::size_t out = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i + 1 < entries.size() && entries[i].id == entries[i + 1].id) continue;
        if (out != i) entries[out] = std::move(entries[i]);
        ++out;
    }
    entries.resize(out);
}

void sort(std::vector<MessageId>& ids)
{
    if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

bool ListingCursor::listed(
    const std::vector<MessageId>& ids, std::size_t& position, const MessageId& id) const
{
    while (position < ids.size() && ids[position] < id)
        ++position;
    return position < ids.size() && ids[position] == id;
}

Standing ListingCursor::at(const MessageId& id)
{
    const auto& entries = listing_.changed;
    if (listing_.kind == Listing::Kind::untouched) return {};
    while (changed_ < entries.size() && entries[changed_].id < id)
        ++changed_;
    if (changed_ < entries.size() && entries[changed_].id == id)
        return {Standing::Kind::changed, entries[changed_].marks};
    switch (listing_.kind) {
    case Listing::Kind::delta:
        if (!listed(listing_.vanished, vanished_, id)) return {};
        break;
    case Listing::Kind::delta_listed:
        if (listed(listing_.present, present_, id)) return {};
        break;
    default:
        break;
    }
    return {Standing::Kind::gone, {}};
}

void sort(Listing& listing)
{
    auto& entries = listing.changed;
    if (!std::is_sorted(entries.begin(), entries.end(), before))
        std::stable_sort(entries.begin(), entries.end(), before);
    keep_last(entries);
    sort(listing.vanished);
    sort(listing.present);
}

const Entry* find(const Listing& listing, const MessageId& id)
{
    const auto& entries = listing.changed;
    const auto it = std::lower_bound(
        entries.begin(), entries.end(), id,
        [](const Entry& e, const MessageId& i) { return e.id < i; });
    return it != entries.end() && it->id == id ? &*it : nullptr;
}

bool share_ids(const Both<Listing>& listing)
{
    return std::any_of(
        listing.left.changed.begin(), listing.left.changed.end(),
        [&](const Entry& entry) { return find(listing.right, entry.id) != nullptr; });
}

}  // namespace offlineimap::sync
