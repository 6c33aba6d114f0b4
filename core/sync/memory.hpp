// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_pair.hpp"
#include "plan.hpp"
#include "report.hpp"

#include <offlineimap/status.hpp>

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace offlineimap::sync {

/// A message about to be stored: its id on the other side, and the marks that both will have then.
struct Announced {
    MessageId id;
    Marks marks;
};

enum class SameIds : std::uint8_t { no, yes };

/// The account's status store as the algorithm uses it: records by pair. Thread-safe: one
/// transaction after the other.
class Memory {
public:
    Memory(
        StatusStore& store, const std::vector<FolderPair>& pairs, KeywordSets& keywords,
        const Report& report);

    /// Every record of a pair, by right id.
    std::vector<Known> load(PairIndex pair);
    /// The records with these right ids.
    std::vector<Known> find(PairIndex pair, std::span<const MessageId> right);
    /// The records that two listings concern: all of them, or where both are deltas those of the
    /// messages that one of them names. `same_ids`: the left side has the right one's.
    std::vector<Known> concerned(PairIndex pair, const Both<Listing>& listing, SameIds same_ids);
    std::uint64_t size(PairIndex pair);
    /// Whether apply() was called for the pair.
    bool was_changed(PairIndex pair) const;
    /// Durable on return, all or nothing.
    void apply(PairIndex pair, std::span<const Known> put, std::span<const MessageId> erase);
    /// Durable on return, all or nothing; an empty value removes the note.
    void put(std::span<const Note> notes);

    /// Notes that messages are about to be stored on a side that gives ids itself: durable before
    /// anything is sent, so that after a crash the next run looks for them by content.
    void announce(PairIndex pair, Side to, std::span<const Announced> messages);
    /// The same for a side that takes ids, folder by folder: a message is recognised by its id,
    /// unless somebody carries it to another folder before it is recorded.
    void announce(Side to, std::span<const PairIndex> pairs);
    /// Notes that messages on a left side that takes ids are about to get these, which the right
    /// side gave: durable before any gets its id, so that after a crash their marks have a past.
    void announce_ids(PairIndex pair, std::span<const Announced> messages);
    /// What the marks of messages that have one id on both sides were when they got it, by id.
    std::map<MessageId, Marks> marks_by_id(PairIndex pair) const;
    /// Notes that messages are about to be copied to a trash folder, whose next id is `next_id`,
    /// and then removed: durable before they are copied.
    void announce_trashing(
        PairIndex pair, Side side, std::span<const MessageId> ids, const std::string& next_id);
    /// Below which id the copy of such a message cannot be; nothing when it was not announced.
    std::optional<MessageId> trashed_above(PairIndex pair, Side side, const MessageId& id) const;
    void forget_trashing(PairIndex pair, Side side, std::span<const MessageId> ids);
    /// Notes that messages are about to be copied to another folder and then removed: a run that
    /// ends in between has copied them, and the next one may find no folder on the side that they
    /// went from.
    void announce_carrying(PairIndex pair, std::span<const MessageId> right);
    bool is_carried(PairIndex pair, const MessageId& right) const;
    /// Of a pair whose right ids mean nothing any more, as notes that remove what was noted. It is
    /// forgotten here.
    std::vector<Note> take_carried(PairIndex pair);
    bool is_announced(PairIndex pair, Side to, const MessageId& message) const;
    /// The marks that a message was announced with; none when it was not.
    Marks announced_marks(PairIndex pair, Side to, const MessageId& message) const;
    /// The messages that were announced one by one.
    std::vector<MessageId> announced(PairIndex pair, Side to) const;
    /// Takes over an announcement that an earlier run left.
    void remember(const Note& announcement);
    /// The announcements of a pair, as notes that remove them.
    std::vector<Note> announced(PairIndex pair);
    /// Of these, those that name messages by ids of a side that mean nothing any more: another
    /// message may have such an id now. They are forgotten here.
    std::vector<Note> take_void_ones(PairIndex pair, Side renumbered);
    /// Of something that was to be stored: whether it was is to be looked up.
    static bool is_announcement(const Note& note);
    static bool is_trashing(const Note& note);
    static bool is_carrying(const Note& note);

private:
    StatusFolder& open(PairIndex pair);
    /// Whether the store has this folder: to look into one that it has not would make it, and a
    /// dry run makes nothing.
    bool has(PairIndex pair);
    const std::string* announcement(PairIndex pair, Side to, const MessageId& message) const;
    void put_and_remember(std::span<const Note> notes);
    Marks marks_in(const std::string& note) const;

    struct Open {
        PairIndex pair;
        std::unique_ptr<StatusFolder> folder;
    };
    StatusStore& store_;
    const std::vector<FolderPair>& pairs_;
    KeywordSets& keywords_;
    const Report& report_;
    mutable std::mutex mutex_;
    std::optional<std::set<std::string>> folders_;  ///< that the store has
    std::set<PairIndex> changed_;
    std::list<Open> open_;  ///< the last used first
    std::map<std::string, std::map<std::string, std::string>> announced_, trashing_;  ///< by folder
    std::map<std::string, std::set<std::string>> carried_;                            ///< by folder
};

}  // namespace offlineimap::sync
