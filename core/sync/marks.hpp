// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "side.hpp"

#include <offlineimap/repository.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace offlineimap::sync {

/// A set of keywords, kept once for all the messages that carry the same; 0 is the empty set.
using KeywordsId = std::uint32_t;

/// The keyword sets of a run. Thread-safe; references stay valid as long as the object.
class KeywordSets {
public:
    KeywordSets();
    /// `keywords` sorted and without doubles.
    KeywordsId intern(const std::vector<std::string>& keywords);
    const std::vector<std::string>& operator[](KeywordsId id) const;

private:
    mutable std::mutex mutex_;
    std::map<std::vector<std::string>, KeywordsId> ids_;
    std::deque<const std::vector<std::string>*> sets_;
};

/// Flags and keywords of one message.
struct Marks {
    Set<Flag> flags;
    KeywordsId keywords = 0;
    friend bool operator==(const Marks&, const Marks&) = default;
};

/// The form in which a note keeps them.
std::string to_note(const KeywordSets& sets, const Marks& marks);
Marks marks_from_note(KeywordSets& sets, std::string_view note);

/// Which marks a side can keep in a folder. What it cannot keep is never taken for removed there.
struct Storable {
    Set<Flag> flags;
    bool any_keyword = false;
    std::vector<std::string> keywords;
    friend bool operator==(const Storable&, const Storable&) = default;
};

Storable storable(const FolderState& state);
/// The form in which a note keeps it, so that a folder that is not opened is not asked again.
std::string to_note(const Storable& storable);
/// What a note kept; everything, when there is no such note.
Storable storable_from_note(std::string_view note);

/// An edit of one message's marks on one side.
struct MarksChange {
    Set<Flag> add, drop;
    std::vector<std::string> add_keywords, drop_keywords;
    bool empty() const noexcept
    {
        return add.empty() && drop.empty() && add_keywords.empty() && drop_keywords.empty();
    }
};

struct Merged {
    Marks marks;               ///< what both sides shall have
    Both<MarksChange> change;  ///< what that needs on each side
};

/// Three ways, flag by flag and keyword by keyword: a mark that a side added or dropped since
/// `base` is added or dropped on the other; edits of both sides survive.
Merged
merge(KeywordSets& sets, const Marks& base, const Both<Marks>& now, const Both<Storable>& storable);

Marks both_have(KeywordSets& sets, const Marks& a, const Marks& b);

/// The part of `marks` that both sides can keep: what a record may hold.
Marks common(KeywordSets& sets, const Marks& marks, const Both<Storable>& storable);

}  // namespace offlineimap::sync
