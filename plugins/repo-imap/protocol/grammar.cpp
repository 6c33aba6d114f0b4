// SPDX-License-Identifier: Apache-2.0
#include "grammar.hpp"

#include "date_time.hpp"
#include "text.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <charconv>

namespace offlineimap::imap {

bool ResponseCode::is(std::string_view wanted) const noexcept
{
    return same_text(name, wanted);
}

std::optional<std::uint64_t> ResponseCode::number() const noexcept
{
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(arguments.data(), arguments.data() + arguments.size(), value);
    if (error != std::errc {} || end == arguments.data()) return std::nullopt;
    return value;
}

bool ListEntry::has(std::string_view attribute) const noexcept
{
    return std::any_of(attributes.begin(), attributes.end(), [attribute](std::string_view a) {
        return same_text(a, attribute);
    });
}

namespace {

/// In one list: servers that have a limit at all allow a hundred keywords or so in a folder.
constexpr std::size_t max_flags = 4096;

/// RFC 8474 section 7 objectid.
constexpr std::size_t max_object_id = 255;

bool is_object_id_char(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
        || c == '-';
}

/// Where the bracket is that ends the code: not in a quoted argument, nor in a list, where servers
/// put keywords that are no atoms. Unless something is unpaired: then the first one must do.
std::size_t end_of_code(std::string_view text)
{
    bool quoted = false;
    unsigned lists = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == ']' && lists == 0) return at;
        if (c == '(') ++lists;
        if (c == ')' && lists > 0) --lists;
    }
    return text.find(']');
}

/// RFC 3501 resp-text-code.
ResponseCode read_resp_text_code(Cursor& in)
{
    ResponseCode code;
    const auto text = in.rest();
    if (in.peek() != '[') return code;
    const auto end = end_of_code(text);
    if (end == std::string_view::npos) return code;
    const auto inner = text.substr(1, end - 1);
    in.back_to(text.substr(end + 1));
    const auto blank = inner.find(' ');
    code.name = inner.substr(0, blank);
    if (blank != std::string_view::npos) code.arguments = inner.substr(blank + 1);
    return code;
}

/// RFC 3501 mailbox. GNU mailutils 3.15 (2022) writes one with blanks as it is: then all up to what
/// follows it.
std::string read_mailbox(Cursor& in, std::size_t (*end_of_name)(std::string_view))
{
    if (in.peek() == '"' || in.literal_size()) return in.astring();
    const auto text = in.rest();
    const auto name = text.substr(0, end_of_name(text));
    in.back_to(text.substr(name.size()));
    return std::string(name.substr(0, name.find_last_not_of(' ') + 1));
}

/// Where the list begins that the text ends with.
std::size_t last_list(std::string_view text)
{
    unsigned depth = 0;
    for (auto at = text.size(); at-- > 0;) {
        if (text[at] == ')') ++depth;
        if (text[at] == '(' && --depth == 0) return at;
        if (depth == 0 && text[at] != ' ') break;
    }
    return text.rfind(" (");
}

UidSet uid_set_or_fail(Cursor& in)
{
    const auto text = in.word();
    auto set = parse_uid_set(text);
    if (!set) in.fail('1');
    return std::move(*set);
}

/// RFC 4466 search-correlator, behind its parenthesis.
std::string read_search_correlator(Cursor& in)
{
    std::string tag;
    for (in.skip_blanks(); !in.take(')'); in.skip_blanks()) {
        const auto name = in.nstring();
        in.skip_blanks();
        auto value = in.nstring();
        if (!name || name->empty() || !value) in.fail(')');
        if (same_text(*name, "TAG")) tag = std::move(*value);
    }
    return tag;
}

}  // namespace

StatusResponse read_resp_text(Status status, std::string_view line, Cursor& in)
{
    StatusResponse response;
    response.status = status;
    response.line = line;
    in.skip_blanks();
    response.code = read_resp_text_code(in);
    in.skip_blanks();
    response.text = in.rest();
    return response;
}

void read_flag_list(Cursor& in, FlagList& out)
{
    in.skip_blanks();
    in.expect('(');
    std::size_t count = 0;
    for (in.skip_blanks(); !in.take(')'); in.skip_blanks()) {
        const auto flag = in.word();
        if (flag.empty() || ++count > max_flags) in.fail(')');
        out.add(flag);
    }
    out.finish();
}

ListEntry read_mailbox_list(Cursor& in)
{
    ListEntry entry;
    in.skip_blanks();
    in.expect('(');
    for (in.skip_blanks(); !in.take(')'); in.skip_blanks()) {
        const auto attribute = in.word();
        if (attribute.empty()) in.fail(')');
        entry.attributes.push_back(attribute);
    }
    in.skip_blanks();
    const auto delimiter = in.nstring();
    if (delimiter && !delimiter->empty()) entry.delimiter = delimiter->front();
    in.skip_blanks();
    // RFC 5258 mbox-list-extended begins with a string.
    entry.name = read_mailbox(in, [](std::string_view text) { return text.find(" (\""); });
    return entry;  // RFC 5258 mbox-list-extended may follow: not needed
}

MailboxStatus read_mailbox_status(Cursor& in)
{
    MailboxStatus status;
    in.skip_blanks();
    status.name = read_mailbox(in, last_list);
    in.skip_blanks();
    in.expect('(');
    for (in.skip_blanks(); !in.take(')'); in.skip_blanks()) {
        const auto name = in.word();
        in.skip_blanks();
        auto* value = same_text(name, "MESSAGES") ? &status.messages
            : same_text(name, "UIDNEXT")          ? &status.uid_next
            : same_text(name, "UIDVALIDITY")      ? &status.uid_validity
            : same_text(name, "HIGHESTMODSEQ")    ? &status.highest_mod_seq
            : same_text(name, "APPENDLIMIT")      ? &status.append_limit
            : same_text(name, "UNSEEN")           ? &status.unseen
            : same_text(name, "SIZE")             ? &status.size
                                                  : nullptr;
        if (same_text(name, "MAILBOXID"))
            status.mailbox_id = read_object_id(in);
        else if (value && in.peek() >= '0' && in.peek() <= '9')  // hoodiecrow 2.1 (2017) says NIL
            *value = in.number();
        else
            in.skip_value();
    }
    return status;
}

std::string object_id(std::string_view text)
{
    if (text.size() < 3 || text.front() != '(' || text.back() != ')') return {};
    const auto id = text.substr(1, text.size() - 2);
    const bool is_valid =
        id.size() <= max_object_id && std::all_of(id.begin(), id.end(), is_object_id_char);
    return is_valid ? std::string(id) : std::string();
}

std::string read_object_id(Cursor& in)
{
    in.skip_blanks();
    const auto text = in.rest();
    in.skip_value();
    return object_id(text.substr(0, text.size() - in.rest().size()));
}

SearchResult read_search(Cursor& in)
{
    std::vector<Uid> uids;
    const auto list = in.rest();
    uids.reserve(static_cast<std::size_t>(std::count(list.begin(), list.end(), ' ')) + 1);
    for (in.skip_blanks(); !in.at_end() && in.peek() != '('; in.skip_blanks()) {
        const auto uid = parse_uid(in.word());
        if (!uid) in.fail('1');
        uids.push_back(*uid);
    }
    SearchResult result;
    result.all = UidSet(std::move(uids));
    return result;
}

SearchResult read_esearch(Cursor& in)
{
    SearchResult result;
    result.extended = true;
    in.skip_blanks();
    if (in.take('(')) result.tag = read_search_correlator(in);
    for (in.skip_blanks(); !in.at_end(); in.skip_blanks()) {
        const auto name = in.word();
        if (name.empty()) in.fail('A');
        if (same_text(name, "UID")) continue;
        in.skip_blanks();
        if (same_text(name, "ALL"))
            result.all = uid_set_or_fail(in);
        else
            in.skip_value();
    }
    return result;
}

Vanished read_vanished(Cursor& in)
{
    Vanished vanished;
    in.skip_blanks();
    if (in.peek() == '(') {
        in.skip_value();
        vanished.earlier = true;
    }
    in.skip_blanks();
    vanished.uids = uid_set_or_fail(in);
    return vanished;
}

Namespaces read_namespaces(Cursor& in)
{
    Namespaces out;
    in.skip_blanks();
    if (!in.take('(')) return out;  // NIL
    for (in.skip_blanks(); !in.take(')'); in.skip_blanks()) {
        in.expect('(');
        auto& entry = out.personal.emplace_back();
        entry.prefix = in.nstring().value_or("");
        in.skip_blanks();
        const auto delimiter = in.nstring();
        if (delimiter && !delimiter->empty()) entry.delimiter = delimiter->front();
        for (in.skip_blanks(); !in.take(')'); in.skip_blanks())
            in.skip_value();  // RFC 2342 Namespace_Response_Extension
    }
    return out;
}

NamedValues read_id_params(Cursor& in)
{
    NamedValues values;
    in.skip_blanks();
    if (!in.take('(')) return values;  // NIL
    for (in.skip_blanks(); !in.take(')'); in.skip_blanks()) {
        auto name = in.nstring();
        in.skip_blanks();
        auto value = in.nstring();
        if (!name || name->empty()) in.fail(')');
        values.emplace_back(std::move(*name), value.value_or(""));
    }
    return values;
}

}  // namespace offlineimap::imap
