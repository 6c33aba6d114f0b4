// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/response.hpp"

#include <offlineimap/types.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap {

/// A folder as one repository knows it.
struct Folder {
    std::string wire;  ///< its name as the server writes it
    FolderPath path;
    std::string epoch;        ///< UIDVALIDITY as last reported to the core; empty = not yet
    MailboxStatus told;       ///< as last reported to the core
    MailboxStatus announced;  ///< for which watch() called last
};

/// The numbering of folders that all sessions of a repository share. Thread-safe.
class FolderTable {
public:
    FolderIndex add(std::string_view wire, FolderPath path);
    /// Throws internal when nobody gave out this index.
    [[nodiscard]] Folder at(FolderIndex index) const;
    [[nodiscard]] std::optional<FolderIndex> find(const FolderPath& path) const;
    [[nodiscard]] std::vector<Folder> all() const;
    void set_epoch(FolderIndex index, std::string_view epoch);
    void set_told(FolderIndex index, const MailboxStatus& status);
    void set_announced(FolderIndex index, const MailboxStatus& status);
    /// Whether these can be the UIDs of messages that were just stored, each given out once: those
    /// below the UIDNEXT that was told are of others, and those far above it of nobody.
    [[nodiscard]] bool take_new(FolderIndex index, std::span<const Uid> uids);

private:
    mutable std::mutex mutex_;
    std::vector<Folder> folders_;
    std::map<FolderIndex, UidSet> taken_;  ///< by take_new() since set_told()
    std::map<std::string, FolderIndex, std::less<>> by_wire_;
};

/// By what a name on the wire is looked up: INBOX is the same in any case.
[[nodiscard]] std::string key_of(std::string_view wire);

/// How folder names are written on this side of the wire: in modified UTF-7 as the original leaves
/// them, or in UTF-8 (`utf8foldernames`).
enum class NameStyle : std::uint8_t { wire, utf8 };

/// The components of a name on the wire. A component that is no valid modified UTF-7 stays as it
/// is; INBOX is upper case whatever the server writes.
[[nodiscard]] FolderPath path_of(std::string_view wire, char delimiter, NameStyle style);
/// The name on the wire. Throws rejected for what this server cannot name: a component that is
/// empty, holds the delimiter, is not UTF-8, or with NameStyle::wire is no modified UTF-7.
[[nodiscard]] std::string wire_name(const FolderPath& path, char delimiter, NameStyle style);
/// As the original writes it: the name on the wire, or UTF-8 with `utf8foldernames`.
[[nodiscard]] std::string
shown_name(std::string_view wire, const FolderPath& path, char delimiter, NameStyle style);

/// What tells whether a folder changed. From STATUS or from SELECT; equal when nothing happened.
struct FolderToken {
    std::uint64_t uid_validity = 0, uid_next = 0, highest_mod_seq = 0, messages = 0;
    std::string mailbox_id;  ///< RFC 8474; empty = not told

    [[nodiscard]] static std::optional<FolderToken> parse(std::string_view text);
};

/// Whether the two are known not to be of one folder, although UIDVALIDITY may be the same: a
/// server that says 1 of all folders lets another one take a name without a sign.
[[nodiscard]] bool is_another_folder(const MailboxStatus& a, const MailboxStatus& b) noexcept;
/// Whether something happened between the two, as far as both tell.
[[nodiscard]] bool differ(const MailboxStatus& a, const MailboxStatus& b) noexcept;
/// Empty where the server does not say enough: no HIGHESTMODSEQ, no promise.
[[nodiscard]] std::string token_of(const MailboxStatus& status);
[[nodiscard]] std::string quick_token_of(const MailboxStatus& status);

}  // namespace offlineimap::imap
