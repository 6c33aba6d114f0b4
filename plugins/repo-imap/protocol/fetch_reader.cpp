// SPDX-License-Identifier: Apache-2.0
#include "date_time.hpp"
#include "grammar.hpp"
#include "text.hpp"

#include <algorithm>
#include <limits>

namespace offlineimap::imap {

namespace {

/// BODY[section]<origin> and its relatives; nothing if the item holds no text.
std::optional<std::string_view> text_section(std::string_view name) noexcept
{
    if (same_text(name, "RFC822")) return "";
    if (same_text(name, "RFC822.HEADER")) return "HEADER";
    if (same_text(name, "RFC822.TEXT")) return "TEXT";
    const auto open = name.find('[');
    const auto close = name.rfind(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return std::nullopt;
    const auto item = name.substr(0, open);
    if (!same_text(item, "BODY") && !same_text(item, "BINARY")) return std::nullopt;
    return name.substr(open + 1, close - open - 1);
}

}  // namespace

void FetchItems::clear() noexcept
{
    sequence = 0;
    uid.reset();
    mod_seq.reset();
    size.reset();
    received.reset();
    has_received = has_flags = has_labels = false;
    flags.clear();
    labels.clear();
    email_id.clear();
}

bool announces_text(std::string_view text) noexcept
{
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    const auto bracket = text.rfind('[');
    const auto search_to = bracket == std::string_view::npos ? text.size() : bracket;
    const auto blank = text.substr(0, search_to).find_last_of(" (");
    return text_section(blank == std::string_view::npos ? text : text.substr(blank + 1))
        .has_value();
}

void FetchReader::begin(std::string_view name, std::uint64_t number, Cursor& in)
{
    items_.clear();
    if (number == 0 || number > std::numeric_limits<Uid>::max()) in.fail('1');
    if (same_text(name, "UIDFETCH"))
        items_.uid = static_cast<Uid>(number);
    else
        items_.sequence = static_cast<std::uint32_t>(number);
    in.skip_blanks();
    in.expect('(');
    open_ = true;
}

std::optional<std::uint64_t> FetchReader::read(Cursor& in)
{
    for (in.skip_blanks(); !in.take(')'); in.skip_blanks())
        if (const auto size = read_item(in)) return size;
    open_ = false;
    sink_.fetched(items_);
    return std::nullopt;
}

std::optional<std::uint64_t> FetchReader::read_item(Cursor& in)
{
    const auto name = in.item_name();
    in.skip_blanks();
    if (const auto section = text_section(name)) return read_text(*section, in);
    read_known_item(name, in);
    return std::nullopt;
}

std::optional<std::uint64_t> FetchReader::read_text(std::string_view section, Cursor& in)
{
    if (const auto mark = literal_mark(in.rest()); mark && mark->position == 0) {
        sink_.text_begin(items_, section, mark->size);
        return mark->size;
    }
    if (in.literal_size()) in.fail('\n');  // not where the line ends: no literal
    const auto text = in.nstring();
    if (!text) {
        sink_.no_text(items_, section);
        return std::nullopt;
    }
    sink_.text_begin(items_, section, text->size());
    if (!text->empty()) sink_.text(std::as_bytes(std::span(*text)));
    sink_.text_end();
    return std::nullopt;
}

void FetchReader::read_known_item(std::string_view name, Cursor& in)
{
    if (same_text(name, "UID")) {
        items_.uid = parse_uid(in.word());
        if (!items_.uid) in.fail('1');
    } else if (same_text(name, "FLAGS")) {
        items_.flags.clear();
        read_flag_list(in, items_.flags);
        items_.has_flags = true;
    } else if (same_text(name, "MODSEQ")) {
        in.expect('(');
        items_.mod_seq = in.number();
        in.skip_blanks();
        in.expect(')');
    } else if (same_text(name, "RFC822.SIZE")) {
        items_.size = in.number();
    } else if (same_text(name, "INTERNALDATE")) {
        items_.received = parse_date_time(in.nstring().value_or(""));
        items_.has_received = true;
    } else if (same_text(name, "EMAILID")) {
        items_.email_id = read_object_id(in);
    } else if (same_text(name, "X-GM-LABELS")) {
        read_labels(in);
    } else {
        in.skip_value();
    }
}

void FetchReader::read_labels(Cursor& in)
{
    items_.labels.clear();
    items_.has_labels = true;
    in.expect('(');
    for (in.skip_blanks(); !in.take(')'); in.skip_blanks()) {
        auto label = in.nstring();
        if (!label || label->empty()) in.fail(')');
        items_.labels.push_back(std::move(*label));
    }
    std::sort(items_.labels.begin(), items_.labels.end());
}

}  // namespace offlineimap::imap
