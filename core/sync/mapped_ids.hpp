// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "uid_map.hpp"

#include <optional>
#include <set>

namespace offlineimap::sync {

/// Shares with the original which local id belongs to which remote one, where the local side gives
/// ids itself. Its records do not say so, ours do; a note tells whether the file of a pair is still
/// as we left it. If it is not, the original has run since, and the file counts. One thread at a
/// time.
class MappedIds {
public:
    MappedIds(SyncContext& context, const std::filesystem::path& left_state);

    /// What the last run noted. After the pairs are known.
    void load(const std::vector<Note>& notes);
    enum class Keep : std::uint8_t { no, yes };  ///< whether what is put right is written, too
    /// Gives the records of all pairs the local ids of their files. `remembered`: the folders that
    /// have records. Returns the pairs with records of which the file knows nothing: they are gone,
    /// and the messages have to be looked up by content.
    std::set<PairIndex> correct(const std::vector<std::string>& remembered, Keep keep);
    /// The records of these pairs were erased, and their notes with them.
    void forget(const std::vector<PairIndex>& pairs);
    /// Whether the records of the pair are not put right: in a dry run, or where the file is
    /// damaged.
    bool is_stale(PairIndex pair) const;
    /// The records as they would be then. Throws what kept correct() from putting them right: the
    /// pair is left alone until the next run, since what this run records would not be in the file.
    std::vector<Known> corrected(PairIndex pair);
    static bool is_note(const Note& note);
    /// Writes the files of the pairs that changed, and the notes.
    void save();

private:
    struct State {
        std::string noted;                  ///< the file's stamp as we left it; empty = never
        bool stale = false;                 ///< somebody else was there
        std::optional<Error> failure = {};  ///< why correct() could not put it right
    };
    struct Corrected {
        std::vector<Known> known;
        std::vector<MessageId> lost;
    };
    Corrected look_up(PairIndex pair);
    void write(PairIndex pair, const Corrected& corrected);
    void note_stamps();
    const std::string& folder(PairIndex pair) const
    {
        return context_.pairs[pair].folder.left.name;
    }

    SyncContext& context_;
    const UidMap map_;
    std::map<PairIndex, State> states_;  ///< empty where the local side takes ids
};

}  // namespace offlineimap::sync
