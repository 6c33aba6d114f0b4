// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_table.hpp"
#include "keyword_budget.hpp"
#include "session/connection.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace offlineimap::imap {

/// Whether STATUS alone may tell that nothing happened in a folder. Servers answer it from a cache
/// that may not have noticed mail which others put there: Dovecot 2.3 (2022) does so with
/// maildir_very_dirty_syncs.
enum class StatusAnswers : std::uint8_t { checked, trusted };
enum class Expunge : std::uint8_t { yes, no };
enum class Subscription : std::uint8_t { all, subscribed_only };
enum class Compression : std::uint8_t { off, on };
/// Whether the prefix that a server puts before all folders (`INBOX.`) is part of their names.
enum class Prefix : std::uint8_t { keep, leave_away };
/// Whether SEARCH may be asked for more than RFC 3501 has; not where the server did not know it
/// after all.
enum class Searches : std::uint8_t { extended, plain };
/// How a message with 8 bits in its header is appended where UTF8=ACCEPT is enabled: announced as
/// RFC 6855 wants it, until the server shows that it does not know that (RFC 9755).
enum class Utf8Appends : std::uint8_t { announced, plain };
/// Whether NOTIFY is worth a try.
enum class Notifies : std::uint8_t { as_announced, refused };
enum class Labels : std::uint8_t { ignore, synchronise };

/// The settings that matter once the session is open.
struct Preferences {
    std::string reference;
    std::vector<std::string> includes {};  ///< folders that take part even if they are not listed
    NameStyle name_style = NameStyle::wire;
    StatusAnswers status_answers = StatusAnswers::checked;
    Expunge expunge = Expunge::yes;
    Subscription subscription = Subscription::all;
    Labels labels = Labels::ignore;
    Compression compression = Compression::off;
    Prefix prefix = Prefix::keep;
    /// While watching: a word at least this often (RFC 2177: less than half an hour).
    std::chrono::milliseconds say_something = std::chrono::minutes(28);
    /// While watching: how often folders are looked at that the server tells nothing of.
    std::chrono::milliseconds poll_interval = std::chrono::minutes(1);
};

class SelectCommand;

/// What every operation of a session works with. All of it outlives the operation.
struct Context {
    Connection& connection;
    FolderTable& folders;
    const Preferences& preferences;
    char delimiter = '\0';    ///< between the levels of a name; NUL = not known yet
    std::string examined {};  ///< on the wire, the folder that is open for reading alone
    std::shared_ptr<SelectCommand> examine {};  ///< that opened it; null = not by a fetch
    KeywordBudget keywords {};
    Searches searches = Searches::extended;
    Utf8Appends utf8_appends = Utf8Appends::announced;
    Notifies notifies = Notifies::as_announced;
    std::string prefix {};  ///< of names on the wire that is left away; empty = none

    [[nodiscard]] bool has(std::string_view capability) const noexcept
    {
        return connection.has(capability);
    }
    [[nodiscard]] bool uses_labels() const noexcept
    {
        return preferences.labels == Labels::synchronise && has("X-GM-EXT-1");
    }
    /// A folder for a message: "Sent on imap.example.org".
    [[nodiscard]] std::string where(const Folder& folder) const;
};

/// Commands in flight at once: enough that the line is never idle, few enough to hold.
inline constexpr std::size_t pipeline_depth = 256;

}  // namespace offlineimap::imap
