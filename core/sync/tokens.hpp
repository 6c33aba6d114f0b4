// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_sync.hpp"
#include "context.hpp"
#include "ignored.hpp"

#include <map>
#include <set>

namespace offlineimap::sync {

/// A note of this name says that a folder did not tell in the last run.
constexpr auto mute_note = "mute";

/// Durable, they make both sides of the pair tell everything.
std::vector<Note> notes_without_tokens(const FolderPair& pair);

/// The change tokens of an account: what was kept, and what is kept at the end of a run. An old
/// token is always safe, it only makes the next delta larger; a new one before its records never
/// is.
class Tokens {
public:
    Tokens(SyncContext& context, Ignored& ignored) : context_(context), ignored_(ignored) { }

    /// Takes the notes of the last run into the pairs. A side whose window has grown, or which is
    /// to copy what was ignored, has to tell everything again: that is in no delta.
    void load(const std::vector<Note>& notes);
    /// Whether a side has to be asked what changed.
    bool differs(PairIndex pair, Side side, SyncRules::Mode mode) const;
    /// Whether the list of folders tells by itself that something happened there.
    bool shows_change(PairIndex pair, Side side) const;
    /// As differs() for another pass, where a side's token is `now`: whether something happened
    /// since it was listed in this run, or else since the last one.
    bool differs_since(PairIndex pair, Side side, const std::string& now) const;
    /// What was listed of a pair, and planned.
    void seen(PairIndex pair, const Both<Listing>& listing);
    /// Their records were erased: they are looked at as a whole.
    void forget(const std::vector<PairIndex>& pairs);
    /// At the very end: writes the tokens of the pairs of which everything was done, and drops the
    /// announcements but for those of `unsettled`.
    void keep(const std::set<PairIndex>& unsettled);

private:
    struct Seen {
        bool asked = false;
        std::string token;
        Storable storable;
    };
    void take_limits(PairIndex pair, const Note& note);
    void forget_outgrown();
    void add_tokens(std::vector<Note>& notes, PairIndex pair, const Both<Seen>& sides) const;
    void
    add(std::vector<Note>& notes, PairIndex pair, const char* name, const std::string& kept,
        const std::string& now) const;

    SyncContext& context_;
    Ignored& ignored_;
    std::map<PairIndex, Both<Seen>> seen_;
    std::map<PairIndex, Both<std::string>> windows_;   ///< as noted
    std::map<PairIndex, Both<std::string>> left_out_;  ///< as noted
};

}  // namespace offlineimap::sync
