// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <optional>
#include <string>
#include <vector>

namespace offlineimap::sync {

/// One thing that a plan does, in words that mean the same in another run.
struct PlannedAction {
    enum class Kind : std::uint8_t {
        create,  ///< the folder is made on `side`
        adopt,   ///< both sides have the message already: a record is written
        join,    ///< the same, under two ids: on the local side it gets the remote one's
        forget,  ///< both sides removed the message: its record goes
        copy,
        move,
        mark,
        remove,
    };

    Kind kind = Kind::copy;
    std::optional<Side> side = {};  ///< which is changed; marks may change on both
    Both<std::string> id = {};      ///< as far as it has one
    std::string to = {};            ///< of a move: PlannedFolder::memory of where it goes
    std::string to_name = {};       ///< of a move: that folder's name on `side`
    std::string arrived = {};       ///< of a move: its id there, on the side that moved it
    /// What it has on each side, as far as that matters; with `mark` what changes: "+\Seen".
    Both<std::vector<std::string>> marks = {};
    std::optional<std::uint64_t> size = {};  ///< of a copy, where known
    bool held_back = false;                  ///< a removal that the guard did not allow
    friend bool operator==(const PlannedAction&, const PlannedAction&) = default;
};

/// What is planned for one pair of folders, and the state of both that it was made against.
struct PlannedFolder {
    std::string memory;  ///< FolderPair::status_name: what it is called whoever lists it
    Both<std::string> name;
    Both<std::string> epoch, token;
    std::vector<PlannedAction> actions;
    friend bool operator==(const PlannedFolder&, const PlannedFolder&) = default;
};

/// What a run of an account would do.
struct AccountPlan {
    std::string account;
    Both<std::string> repositories;
    std::vector<PlannedFolder> folders;  ///< with at least one action
    friend bool operator==(const AccountPlan&, const AccountPlan&) = default;
};

/// Puts items of a plan into words. Names that they have in common: marks as IMAP writes them.
class Describe {
public:
    explicit Describe(const SyncContext& context) : context_(context) { }

    PlannedAction operator()(const Adoption& adoption) const;
    PlannedAction operator()(const Twin& twin) const;
    PlannedAction operator()(const Forgotten& forgotten) const;
    PlannedAction operator()(const Copy& copy) const;
    PlannedAction operator()(const Transfer& transfer) const;
    PlannedAction operator()(const Edit& edit) const;
    PlannedAction operator()(const Removal& removal) const;

private:
    std::vector<std::string> names(const Marks& marks) const;
    const SyncContext& context_;
};

/// All of the plan, folder by folder; of copies with their sizes if `Sizes` are asked for.
enum class Sizes : std::uint8_t { leave_out, ask };
AccountPlan describe(SyncContext& context, const Plan& plan, Sizes sizes);

/// Two actions with the same words are the same, whichever run planned them. Sizes and whether the
/// guard let it through make no difference.
std::string words_of(const PlannedAction& action);

/// A sentence for people: "Copy message 5 Remote:INBOX -> Local:INBOX".
std::string sentence(
    const PlannedAction& action, const PlannedFolder& folder,
    const Both<std::string>& repositories);

}  // namespace offlineimap::sync
