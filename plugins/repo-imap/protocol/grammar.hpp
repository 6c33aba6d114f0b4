// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cursor.hpp"
#include "response.hpp"

// One function for each rule of the grammar that a synchroniser needs. Each reads from the cursor
// what the rule describes and leaves it behind that.

namespace offlineimap::imap {

/// RFC 3501 resp-text, behind the condition. `line` is what StatusResponse::line becomes.
[[nodiscard]] StatusResponse read_resp_text(Status status, std::string_view line, Cursor& in);
/// RFC 3501 flag-list, also flag-perm of PERMANENTFLAGS.
void read_flag_list(Cursor& in, FlagList& out);
/// RFC 3501 mailbox-list.
[[nodiscard]] ListEntry read_mailbox_list(Cursor& in);
/// RFC 3501 STATUS response with the items of RFC 7162.
[[nodiscard]] MailboxStatus read_mailbox_status(Cursor& in);
/// RFC 3501 SEARCH response, RFC 7162 search-sort-mod-seq.
[[nodiscard]] SearchResult read_search(Cursor& in);
/// RFC 8474 objectid of a text that is one in its parentheses; empty where it is not.
[[nodiscard]] std::string object_id(std::string_view text);
/// The same of the next value.
[[nodiscard]] std::string read_object_id(Cursor& in);
/// RFC 4466 esearch-response.
[[nodiscard]] SearchResult read_esearch(Cursor& in);
/// RFC 7162 expunged-resp.
[[nodiscard]] Vanished read_vanished(Cursor& in);
/// RFC 2342 Namespace_Response, as far as it is about one's own.
[[nodiscard]] Namespaces read_namespaces(Cursor& in);
/// RFC 2971 id-params-list.
[[nodiscard]] NamedValues read_id_params(Cursor& in);

/// RFC 3501 msg-att: the items of one FETCH response. A response may be handed over in several
/// parts, cut behind the announcement of a text; the texts go to the sink.
class FetchReader {
public:
    explicit FetchReader(DataSink& sink) : sink_(sink) { }

    [[nodiscard]] bool is_open() const noexcept { return open_; }
    /// Behind `* 12 FETCH`, or `* 12 UIDFETCH` of RFC 9586.
    void begin(std::string_view name, std::uint64_t number, Cursor& in);
    /// Reads until the closing parenthesis, or to a literal that the part ends with: then its size
    /// is returned, the text has been announced to the sink, and its bytes come next.
    std::optional<std::uint64_t> read(Cursor& in);

private:
    std::optional<std::uint64_t> read_item(Cursor& in);
    std::optional<std::uint64_t> read_text(std::string_view section, Cursor& in);
    void read_known_item(std::string_view name, Cursor& in);
    void read_labels(Cursor& in);

    DataSink& sink_;
    FetchItems items_;
    bool open_ = false;
};

/// Whether a literal behind `text` is a message text (BODY[…], BINARY[…], RFC822) rather than a
/// name or a label.
[[nodiscard]] bool announces_text(std::string_view text) noexcept;

}  // namespace offlineimap::imap
