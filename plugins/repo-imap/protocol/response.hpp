// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "flags.hpp"
#include "uid_set.hpp"

#include <offlineimap/types.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a server may say. Views are valid during the call that hands them over.

namespace offlineimap::imap {

enum class Status : std::uint8_t { ok, no, bad, preauth, bye };

/// resp-text-code of RFC 3501 and its many extensions: `[UIDNEXT 7]`.
struct ResponseCode {
    std::string_view name;       ///< as the server wrote it; empty = there is none
    std::string_view arguments;  ///< all that follows the name

    [[nodiscard]] bool is(std::string_view wanted) const noexcept;
    /// The argument if it is one number.
    [[nodiscard]] std::optional<std::uint64_t> number() const noexcept;
};

/// resp-cond-state of RFC 3501, tagged or not.
struct StatusResponse {
    Status status = Status::ok;
    ResponseCode code;
    std::string_view text;  ///< for a person
    std::string_view line;  ///< all of it without the tag: `NO [OVERQUOTA] mailbox full`
};

/// mailbox-list of RFC 3501 (LIST and LSUB).
struct ListEntry {
    std::vector<std::string_view> attributes;
    char delimiter = '\0';  ///< NUL: the name has no hierarchy
    std::string name;       ///< as on the wire

    [[nodiscard]] bool has(std::string_view attribute) const noexcept;
};

/// STATUS response of RFC 3501 section 7.2.4 and RFC 7162.
struct MailboxStatus {
    std::string name;  ///< as on the wire
    std::optional<std::uint64_t> messages, uid_next, uid_validity, highest_mod_seq;
    std::optional<std::uint64_t> unseen;
    std::optional<std::uint64_t> size;          ///< RFC 8438: bytes of all messages
    std::optional<std::uint64_t> append_limit;  ///< RFC 7889
    std::string mailbox_id;                     ///< RFC 8474; empty = not told
};

/// msg-att of RFC 3501: what one FETCH response says of a message.
struct FetchItems {
    std::uint32_t sequence = 0;
    std::optional<Uid> uid;
    std::optional<std::uint64_t> mod_seq;  ///< RFC 7162
    std::optional<std::uint64_t> size;     ///< RFC822.SIZE
    std::optional<std::chrono::sys_seconds> received;
    bool has_received = false;  ///< INTERNALDATE was there, even if it made no sense
    bool has_flags = false;
    FlagList flags;
    bool has_labels = false;
    std::vector<std::string> labels;  ///< X-GM-LABELS, sorted
    std::string email_id;             ///< RFC 8474; empty = not told

    void clear() noexcept;
};

/// ESEARCH of RFC 4731, or SEARCH of RFC 3501.
struct SearchResult {
    UidSet all;
    std::string tag;  ///< of the command that asked; empty with SEARCH
    bool extended = false;
};

/// RFC 7162 section 3.2.10.
struct Vanished {
    UidSet uids;
    bool earlier = false;
};

/// RFC 2342: where folders begin.
struct Namespaces {
    struct Entry {
        std::string prefix;
        char delimiter = '\0';
    };
    std::vector<Entry> personal;
};

using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// Receives untagged data. Each does nothing unless overridden. What throws passes through the
/// parser, which cannot be used afterwards.
class DataSink {
public:
    DataSink() = default;
    DataSink(const DataSink&) = delete;
    DataSink& operator=(const DataSink&) = delete;
    virtual ~DataSink() = default;

    virtual void list(const ListEntry&) { }
    virtual void status(const MailboxStatus&) { }
    /// A response is over; its texts, if any, have been reported before.
    virtual void fetched(const FetchItems&) { }
    /// A text of exactly `size` bytes follows in any number of pieces. `section` is what stands
    /// between the brackets of BODY[]; `items` is what the response said so far.
    virtual void text_begin(const FetchItems&, std::string_view /*section*/, std::uint64_t /*size*/)
    {
    }
    virtual void text(Bytes) { }
    virtual void text_end() { }
    /// The server has no such text (NIL).
    virtual void no_text(const FetchItems&, std::string_view /*section*/) { }
    virtual void search(const SearchResult&) { }
    virtual void vanished(const Vanished&) { }
    virtual void flags(const FlagList&) { }
    virtual void exists(std::uint64_t) { }
    /// Some message; which, a sequence number would tell, and we count none.
    virtual void expunged() { }
    virtual void namespaces(const Namespaces&) { }
};

/// Receives all that a server says.
class ResponseSink : public DataSink {
public:
    virtual void tagged(std::string_view tag, const StatusResponse&) = 0;
    virtual void untagged(const StatusResponse&) = 0;
    virtual void continuation(std::string_view text) = 0;
    virtual void capability(std::string_view list) = 0;
    virtual void enabled(std::string_view list) = 0;
    virtual void server_id(const NamedValues&) = 0;
    /// The response as it came, literals left out; only where somebody wants to see it.
    virtual void trace(std::string_view line) = 0;
};

}  // namespace offlineimap::imap
