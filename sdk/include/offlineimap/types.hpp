// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The values that cross between the core and its plugins. All are plain values: copied, owned by
// whoever holds them, safe to hand to another thread when nobody else uses them.

namespace offlineimap {

/// Bytes of a message text. A view; the comment at each use says how long it is valid.
using Bytes = std::span<const std::byte>;

/// A set of enumerators whose values are bit positions (0 to 63).
template <class E> class Set {
public:
    constexpr Set() = default;
    constexpr Set(std::initializer_list<E> list)
    {
        for (E e : list)
            add(e);
    }
    constexpr bool has(E e) const noexcept { return (bits_ & bit(e)) != 0; }
    constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr Set& add(E e) noexcept
    {
        bits_ |= bit(e);
        return *this;
    }
    constexpr Set& drop(E e) noexcept
    {
        bits_ &= ~bit(e);
        return *this;
    }
    constexpr std::uint64_t bits() const noexcept { return bits_; }
    static constexpr Set from_bits(std::uint64_t bits) noexcept
    {
        Set s;
        s.bits_ = bits;
        return s;
    }
    friend constexpr Set operator&(Set a, Set b) noexcept { return from_bits(a.bits_ & b.bits_); }
    friend constexpr Set operator|(Set a, Set b) noexcept { return from_bits(a.bits_ | b.bits_); }
    /// What is in `a` and not in `b`.
    friend constexpr Set operator-(Set a, Set b) noexcept { return from_bits(a.bits_ & ~b.bits_); }
    friend constexpr bool operator==(Set, Set) = default;

private:
    static constexpr std::uint64_t bit(E e) noexcept
    {
        return std::uint64_t {1} << static_cast<unsigned>(e);
    }
    std::uint64_t bits_ = 0;
};

/// Names a message within one folder and one epoch. Opaque to the core but for its order: shorter
/// sorts before longer, then byte by byte, so that decimal numbers sort as numbers. An IMAP UID, a
/// JMAP id; in a Maildir the UID in the file's name. Where the core gives the ids
/// (Capability::takes_ids), one that the repository makes up itself, for a message that was given
/// none, begins with a dot, and no other does.
struct MessageId {
    std::string value;
    bool empty() const noexcept { return value.empty(); }
    friend bool operator==(const MessageId&, const MessageId&) = default;
    friend std::strong_ordering operator<=>(const MessageId& a, const MessageId& b) noexcept
    {
        if (const auto by_size = a.value.size() <=> b.value.size(); std::is_neq(by_size))
            return by_size;
        return a.value.compare(b.value) <=> 0;
    }
};

/// A folder by its path components, outermost first, in UTF-8. Separators and wire encodings are
/// the plugin's business.
using FolderPath = std::vector<std::string>;

/// One numbering per Repository object, shared by its sessions and never reused while it lives.
using FolderIndex = std::uint32_t;

struct MessageRef {
    FolderIndex folder = 0;
    MessageId id;
    friend bool operator==(const MessageRef&, const MessageRef&) = default;
};

/// The marks that every backend knows (RFC 9051 section 2.3.2, and $Forwarded of RFC 5788).
/// New values may be added; ignore an unknown one.
enum class Flag : std::uint8_t { seen, answered, flagged, deleted, draft, forwarded };

/// What a folder is for (RFC 6154). New values may be added; ignore an unknown one.
enum class FolderUse : std::uint8_t {
    inbox,
    all,
    archive,
    drafts,
    flagged,
    junk,
    sent,
    trash,
    subscribed,
    not_selectable
};

/// What is known of a message without reading its text.
struct Message {
    MessageId id;
    Set<Flag> flags;
    std::vector<std::string> keywords;  ///< sorted; IMAP keywords, JMAP keywords
    std::vector<std::string> labels;    ///< sorted; Gmail labels, notmuch tags
    std::uint64_t size = 0;             ///< bytes of the text with CRLF line ends; 0 = not known
    std::optional<std::chrono::sys_seconds> received;  ///< INTERNALDATE
    std::string content_id;  ///< same text, same value (EMAILID, GUID); empty = not known
    /// Where this repository last knew the same text: a Maildir file that a mail reader carried to
    /// another folder under its old name. The core takes it for a move if that message is gone.
    std::optional<MessageRef> origin;
};

struct FolderInfo {
    FolderIndex index = 0;
    FolderPath path;
    std::string name;       ///< as the user and the original's files write it, own separator
    std::string separator;  ///< what stands between components in `name`; empty = nothing can
    Set<FolderUse> uses;
    std::string epoch;  ///< FolderState::epoch; empty = not known before changes()
    /// Equal to a kept one: nothing at all changed (UIDVALIDITY, UIDNEXT, HIGHESTMODSEQ; directory
    /// times). The same string that changes() ends with. Empty = not known before changes().
    std::string token;
    /// Like `token` but blind to flag changes, for quick runs (UIDVALIDITY, UIDNEXT, MESSAGES).
    std::string quick_token;
    std::string next_id;  ///< FolderState::next_id; empty = not known before changes()
};

/// What a repository can do beyond the minimum. The core asks before it relies on one.
/// New values may be added; ignore an unknown one.
enum class Capability : std::uint8_t {
    change_tokens,  ///< changes() can answer with a delta
    keywords,       ///< stores arbitrary keywords
    labels,
    received_date,  ///< keeps Message::received on append
    returns_ids,    ///< append and move report the new id (UIDPLUS, Maildir, JMAP)
    move,           ///< Session::move() is native and atomic per message
    watch,          ///< Session::watch() (IDLE, NOTIFY, inotify, JMAP push)
    rename_folder,
    stable_ids,   ///< ids survive a move between folders (JMAP, Gmail)
    content_ids,  ///< fills Message::content_id
    takes_ids,    ///< stores a message under the id the core gives (Maildir: ,U=)
};
using Capabilities = Set<Capability>;

}  // namespace offlineimap
