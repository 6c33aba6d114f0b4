// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "memory_mail.hpp"

#include "core/sync/side.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace offlineimap::test {

/// What must be there after people changed both sides and runs were interrupted. A message is known
/// by its text; where two edits are at odds, or an interrupted run leaves more than one right
/// answer, the model allows each of them.
class MailModel {
public:
    using Side = sync::Side;

    /// With a side that cannot move a message, a move is a copy and a removal.
    enum class Moves : std::uint8_t { as_one, as_two };
    explicit MailModel(Moves moves) : moves_are_copies_(moves == Moves::as_two) { }

    void born(Side on, const std::string& folder, const Mail& mail);
    void copied(Side on, const std::string& text, const std::string& to);
    void moved(Side on, const std::string& text, const std::string& to);
    void removed(Side on, const std::string& text);
    /// The folder's ids are void: what happened since the last run to what was in it has no past.
    void renumbered(const std::string& folder);
    /// The folder is not where it was: that a message of it is gone is no deletion.
    void folder_went(const std::string& folder);
    /// What one side alone had in a folder was copied to the other.
    void repaired();
    /// A folder could not be looked at, or a message: what was carried from there is a copy and a
    /// removal, and a deletion wins over an edit.
    void hidden();
    /// A flag ("f0"...) or a keyword was set or taken away.
    void marked(Side on, const std::string& text, const std::string& mark, bool value);

    /// Compares with what one side has, which is what both have.
    void expect(const MailStore& store) const;
    /// The last run did all there was to do, and `store` is as expected.
    void settle(const MailStore& store);
    /// The last run was interrupted, or people did something meanwhile.
    void unsettle();

    static std::map<std::string, bool> marks(const Mail& mail);

private:
    struct Mark {
        std::optional<bool> value;  ///< nothing: anything is right
        sync::Both<bool> edited;    ///< since all was settled
        bool on_its_way = false;    ///< an interrupted run may or may not have carried it over
    };
    struct Truth {
        int least = 1, most = 1;
        int removed = 0;  ///< since all was settled
        bool settled = true;
        bool several = false;          ///< with the same text; nobody can tell which is which
        int count = 1;                 ///< when all was settled
        int parted = 0;                ///< moved on both sides, to two places
        bool uprooted = false;         ///< a folder that it was in went since all was settled
        bool renumbered = false;       ///< a folder that it was in got new numbers since
        std::set<std::string> places;  ///< all folders that it was in since
        sync::Both<bool> touched;      ///< moved, copied, removed since all was settled
        std::optional<std::string> where, home;  ///< now; when all was settled
        std::map<std::string, Mark> marks;
    };
    struct Found {
        int count = 0;
        std::set<std::string> folders;
        std::vector<const Mail*> mails;
    };
    static std::map<std::string, Found>
    find(const std::map<std::string, std::multiset<Mail>>& contents);
    enum class Which : std::uint8_t { unedited, all };
    static void expect_marks(const Truth& truth, const Mail& mail, Which which);
    static void doubt_edits(Truth& truth);

    const bool moves_are_copies_;
    std::map<std::string, Truth> truths_;
};

}  // namespace offlineimap::test
