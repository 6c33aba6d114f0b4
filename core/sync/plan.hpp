// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_pair.hpp"
#include "listing.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace offlineimap::sync {

/// A record as the algorithm holds it.
struct Known {
    Both<MessageId> id;
    Marks marks;
    friend bool operator==(const Known&, const Known&) = default;
};

/// A message that only the other side has.
struct Copy {
    PairIndex pair = 0;
    Side to = Side::left;
    MessageId id;  ///< on the side it comes from
    Marks marks;
    std::uint64_t size = 0;  ///< where it was asked for
};

/// A copy whose text was elsewhere in the same account before (Message::origin).
struct Arrival {
    std::size_t copy = 0;  ///< index into Plan::copies
    MessageRef origin;
};

/// A message whose marks are not what both sides shall have.
struct Edit {
    PairIndex pair = 0;
    Both<MessageId> id;
    Marks marks;
    Both<MarksChange> change;
};

/// A message that one side removed and the other still has.
struct Removal {
    PairIndex pair = 0;
    Side from = Side::left;  ///< where it is still
    Both<MessageId> id;
    Marks marks;  ///< as recorded
    Marks now;    ///< as they are there
    /// Its text comes again in another folder: half of a move that the side cannot do.
    bool carried = false;
    /// Its text comes to a folder that is yet to be made: a move, as soon as there is one.
    bool awaits_folder = false;
};

/// A message that one side carried to another folder; the other side follows.
struct Transfer {
    PairIndex pair = 0, to = 0;
    Side on = Side::left;  ///< the side that follows
    Both<MessageId> id;    ///< in `pair`, as recorded
    MessageId arrived;     ///< its id in `to`, on the side that moved it
    Marks marks;           ///< as recorded
    Marks arrived_marks;   ///< on the side that moved it
    Marks now;             ///< on the side that follows
};

/// A message that both sides have, under ids that do not tell so.
struct Twin {
    PairIndex pair = 0;
    Both<MessageId> id;
    Both<Marks> marks;
    Marks base;           ///< as recorded, or none
    MessageId forgotten;  ///< on the right side, of the record that this one replaces; or empty
};

/// A record to be written although nothing is done on either side.
struct Adoption {
    PairIndex pair = 0;
    Known known;
};

/// A record of a message that both sides removed.
struct Forgotten {
    PairIndex pair = 0;
    MessageId right;
};

/// A folder that wants a change and takes none: read-only, though the configuration does not say
/// so.
struct Refused {
    PairIndex pair = 0;
    Side side = Side::left;
    enum class What : std::uint8_t { message, edit } what = What::message;
    friend bool operator==(const Refused&, const Refused&) = default;
};

/// All that a run shall do, in the order of execution.
struct Plan {
    std::vector<Adoption> adoptions;
    std::vector<Forgotten> forgotten;
    std::vector<Removal> superseded;  ///< without a record; a copy brings the text to its new place
    std::vector<Twin> twins;
    std::vector<Edit> preludes;  ///< to messages that are copied, on the side they come from
    std::vector<Copy> copies;
    std::vector<Arrival> arrivals;
    std::vector<Transfer> transfers;
    std::vector<Edit> edits;
    std::vector<Removal> removals;
    std::vector<Removal> held_back;  ///< what the guard took out of them: not done
    std::vector<Refused> refused;
    /// The sides that hold a message which could not be looked at: it vanished while it was
    /// compared, or its folder did not tell and is gone on the other side. What it is nobody knows.
    Both<bool> unseen;
    /// Where newcomers could not be read, by size (0: not known): each may be one of the other
    /// side, which waits.
    Both<std::map<std::uint64_t, std::set<PairIndex>>> unread;
    /// The sizes of what could not be read in folders of that side that are gone on the other one.
    Both<std::set<std::uint64_t>> left_behind;
    /// A folder did not tell: what came to others may have been carried there, or come from there.
    bool is_hidden = false;
    /// Pairs that newcomers wait in for a message of that side to be looked at.
    Both<std::set<PairIndex>> awaiting;

    bool empty() const noexcept
    {
        return adoptions.empty() && forgotten.empty() && superseded.empty() && twins.empty()
            && preludes.empty() && copies.empty() && transfers.empty() && edits.empty()
            && removals.empty();
    }
};

/// Whether the time a message was received decides.
enum class TimeCounts : std::uint8_t { no, yes };

/// What the configuration allows to be done to one side.
struct SideRules {
    bool readonly = false;
    bool sync_deletes = true;  ///< deletions made on this side go to the other
    /// What is removed on this side stays there, marked as deleted; it does not come back.
    bool keeps_deleted = false;
    /// Unseen messages that come out of this side's INBOX are listed in the result.
    bool tells_new_mail = false;
    /// Header fields that are left out of messages that are stored on this side.
    std::vector<std::string> filter_headers = {};
    /// Messages outside of it are neither copied from this side nor removed there.
    Window window = {};
    /// `maxage` leaves new local mail alone, whatever its date.
    TimeCounts new_by_time = TimeCounts::yes;
    /// The folder that takes what a run removes here; empty = it is gone.
    std::string trash = {};
    /// The ids of messages that are not copied out of a folder, by its own name. Throws config.
    /// Nothing: all are.
    std::function<std::set<MessageId>(const std::string& folder)> ignored = {};
};

/// Messages of a folder with new numbers that lie where they were recorded, while their partner on
/// the other side does not, by the id they have now, with the marks as recorded.
using Parted = std::map<MessageId, Marks>;

/// One folder pair, ready to be planned.
struct FolderChanges {
    PairIndex pair = 0;
    Both<Listing> listing;
    /// By right id: all records, or where both listings are deltas those that one of them names.
    std::vector<Known> known;
    bool left_takes_ids = false;
    /// Marks of messages that were about to be stored on the left, or to get their id there, when a
    /// run ended, by that id.
    std::map<MessageId, Marks> announced;
    Both<Parted> parted;
};

/// The record of a message that both sides have, and what makes its marks equal.
void plan_adoption(
    const Twin& twin, const Both<Storable>& storable, const Both<SideRules>& rules,
    KeywordSets& sets, Plan& plan);

/// Adds what has to be done for one folder pair. A pure function: no clock, no disk, no wire.
void plan_folder(
    const FolderChanges& changes, const Both<SideRules>& rules, KeywordSets& sets, Plan& plan);

}  // namespace offlineimap::sync
