// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "marks.hpp"

#include <map>
#include <string>
#include <vector>

namespace offlineimap::sync {

/// A message of one side, as short as it goes: millions of them are held at once.
struct Entry {
    MessageId id;
    Marks marks;
};

/// What one side said of one folder. Vectors are sorted by id, each id once.
struct Listing {
    enum class Kind : std::uint8_t {
        untouched,  ///< the token was the kept one: nobody asked, nothing changed
        snapshot,
        delta,
        delta_listed,
    };

    Kind kind = Kind::untouched;
    Storable storable;
    std::string epoch, next_id, token;
    bool writable = true;
    bool void_ids = false;  ///< the kept ids mean nothing, whatever the epoch; nothing was listed
    std::vector<Entry> changed;
    std::vector<MessageId> vanished, present;
    std::map<MessageId, MessageRef> origins;  ///< Message::origin, for the few that have one
};

/// How one known message is on one side.
struct Standing {
    enum class Kind : std::uint8_t { unchanged, changed, gone };
    Kind kind = Kind::unchanged;
    Marks marks;  ///< with Kind::changed
};

/// Answers for ids in ascending order in constant time each: it walks along the listing.
class ListingCursor {
public:
    explicit ListingCursor(const Listing& listing) : listing_(listing) { }
    Standing at(const MessageId& id);

private:
    bool
    listed(const std::vector<MessageId>& ids, std::size_t& position, const MessageId& id) const;

    const Listing& listing_;
    std::size_t changed_ = 0, vanished_ = 0, present_ = 0;
};

/// Brings the vectors of a listing into the order that Listing promises; of an id that was
/// reported more than once the last report counts.
void sort(Listing& listing);

/// The entry with that id, or nullptr.
const Entry* find(const Listing& listing, const MessageId& id);

/// Whether both have a message with the same id.
bool share_ids(const Both<Listing>& listing);

}  // namespace offlineimap::sync
