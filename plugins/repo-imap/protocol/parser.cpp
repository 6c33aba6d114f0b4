// SPDX-License-Identifier: Apache-2.0
#include "parser.hpp"

#include "text.hpp"

#include <offlineimap/error.hpp>

#include <array>
#include <cstring>

namespace offlineimap::imap {

namespace {

struct Condition {
    std::string_view name;
    Status status;
};

constexpr std::array<Condition, 5> conditions {{
    {"OK", Status::ok},
    {"NO", Status::no},
    {"BAD", Status::bad},
    {"PREAUTH", Status::preauth},
    {"BYE", Status::bye},
}};

std::optional<Status> condition(std::string_view name) noexcept
{
    for (const auto& known : conditions)
        if (same_text(known.name, name)) return known.status;
    return std::nullopt;
}

/// A person's text may end with what looks like a literal; it never is one.
bool may_hold_literals(std::string_view line) noexcept
{
    if (!line.starts_with("* ")) return false;
    Cursor in(line.substr(2));
    in.skip_blanks();
    return !condition(in.word());
}

bool is_uid_list(std::string_view line) noexcept
{
    return line.starts_with("* SEARCH") || line.starts_with("* ESEARCH")
        || line.starts_with("* VANISHED");
}

}  // namespace

Parser::Parser(ResponseSink& sink, Trace trace, Limits limits)
    : sink_(sink), trace_(trace), limits_(limits), fetch_(sink)
{
}

void Parser::feed(Bytes input)
{
    std::string_view left {reinterpret_cast<const char*>(input.data()), input.size()};
    while (!left.empty()) {
        switch (state_) {
        case State::line:
            left = feed_line(left);
            break;
        case State::small_literal:
            left = feed_literal(left);
            break;
        case State::text:
            left = feed_text(left);
            break;
        }
    }
}

std::string_view Parser::feed_line(std::string_view input)
{
    const auto* newline = static_cast<const char*>(std::memchr(input.data(), '\n', input.size()));
    const auto length =
        newline ? static_cast<std::size_t>(newline - input.data()) + 1 : input.size();
    const auto piece = input.substr(0, length);
    check_length(piece);
    if (!newline) {
        held_ += piece;
    } else if (held_.empty()) {
        end_of_line(piece);
    } else {
        held_ += piece;
        std::swap(held_, line_);
        held_.clear();
        end_of_line(line_);
        if (line_.capacity() > limits_.line) line_ = {};
    }
    return input.substr(length);
}

void Parser::check_length(std::string_view piece) const
{
    const auto length = held_.size() + piece.size();
    if (length <= limits_.line) return;
    if (length <= limits_.uid_list && is_uid_list(held_.empty() ? piece : held_)) return;
    throw Error(
        Errc::protocol,
        "read the server's answer: a line of more than " + std::to_string(limits_.line)
            + " bytes: \"" + printable(held_.empty() ? piece : held_, 60) + "\"");
}

std::string_view Parser::feed_literal(std::string_view input)
{
    const auto piece = input.substr(0, std::min<std::uint64_t>(remaining_, input.size()));
    held_ += piece;
    remaining_ -= piece.size();
    if (remaining_ == 0) {
        state_ = State::line;
        segment_ = held_.size();
    }
    return input.substr(piece.size());
}

std::string_view Parser::feed_text(std::string_view input)
{
    const auto piece = input.substr(0, std::min<std::uint64_t>(remaining_, input.size()));
    remaining_ -= piece.size();
    if (remaining_ == 0) state_ = State::line;
    sink_.text(std::as_bytes(std::span(piece)));
    if (remaining_ == 0) sink_.text_end();
    return input.substr(piece.size());
}

/// `line` ends with its line end; the response may go on behind a literal.
void Parser::end_of_line(std::string_view line)
{
    auto content = line;
    content.remove_suffix(1);
    if (content.size() > segment_ && content.back() == '\r') content.remove_suffix(1);
    if (trace_ == Trace::on) sink_.trace(content.substr(segment_));
    const auto mark = literal_mark(content.substr(segment_));
    if (mark && (fetch_.is_open() || segment_ > 0 || may_hold_literals(content))) {
        begin_literal(line, {mark->size, mark->position + segment_});
        return;
    }
    segment_ = 0;
    literals_ = 0;
    ++responses_;
    if (fetch_.is_open())
        (void)read_fetch(content);  // a text would have been announced at the line's end
    else if (!content.empty())
        read_response(content);
}

void Parser::begin_literal(std::string_view line, LiteralMark mark)
{
    if (announces_text(line.substr(0, mark.position))) {
        const auto end = line.find_last_of('}');
        segment_ = 0;
        if (mark.size > limits_.text)
            throw Error(
                Errc::protocol,
                "read the server's answer: a message of " + std::to_string(mark.size) + " bytes");
        if (const auto size = read_fetch(line.substr(0, end + 1))) {
            begin_text(*size);
            return;
        }
        throw Error(
            Errc::protocol,
            "read the server's answer: a text nobody can place: \"" + printable(line, 60) + "\"");
    }
    if (mark.size > limits_.small_literal || ++literals_ > limits_.literals)
        throw Error(
            Errc::protocol,
            "read the server's answer: more than it can need behind \""
                + printable(line.substr(0, mark.position), 60) + "\"");
    held_ = line;
    segment_ = held_.size();
    remaining_ = mark.size;
    state_ = remaining_ > 0 ? State::small_literal : State::line;
}

void Parser::begin_text(std::uint64_t size)
{
    remaining_ = size;
    if (size > 0)
        state_ = State::text;
    else
        sink_.text_end();
}

/// RFC 3501 message-data with msg-att, or what follows a text in it.
std::optional<std::uint64_t> Parser::read_fetch(std::string_view line)
{
    Cursor in(line);
    if (!fetch_.is_open()) {
        in.expect('*');
        in.skip_blanks();
        const auto number = in.number();
        in.skip_blanks();
        const auto name = in.word();
        if (!same_text(name, "FETCH") && !same_text(name, "UIDFETCH")) in.fail('F');
        fetch_.begin(name, number, in);
    }
    return fetch_.read(in);
}

/// RFC 3501 response.
void Parser::read_response(std::string_view line)
{
    if (line.front() == '+') {
        read_continuation(line.substr(1));
    } else if (line.starts_with("* ")) {
        Cursor in(line.substr(2));
        in.skip_blanks();
        read_untagged(in);
    } else {
        read_tagged(line);
    }
}

/// RFC 3501 continue-req; some servers send a bare `+`.
void Parser::read_continuation(std::string_view line)
{
    Cursor in(line);
    in.skip_blanks();
    sink_.continuation(in.rest());
}

/// RFC 3501 response-tagged.
void Parser::read_tagged(std::string_view line)
{
    Cursor in(line);
    const auto tag = in.word();
    in.skip_blanks();
    const auto rest = in.rest();
    const auto status = condition(in.word());
    if (!status || tag.empty())
        throw Error(
            Errc::protocol, "read the server's answer: not IMAP: \"" + printable(line, 60) + "\"");
    sink_.tagged(tag, read_resp_text(*status, rest, in));
}

/// RFC 3501 response-data.
void Parser::read_untagged(Cursor& in)
{
    if (in.peek() >= '0' && in.peek() <= '9') {
        read_numbered(in);
        return;
    }
    const auto line = in.rest();
    const auto name = in.word();
    if (!read_condition(name, line, in)) read_data(name, in);
}

bool Parser::read_condition(std::string_view name, std::string_view line, Cursor& in)
{
    const auto status = condition(name);
    if (status) sink_.untagged(read_resp_text(*status, line, in));
    return status.has_value();
}

/// RFC 3501 message-data, and EXISTS of mailbox-data.
void Parser::read_numbered(Cursor& in)
{
    const auto number = in.number();
    in.skip_blanks();
    const auto name = in.word();
    if (same_text(name, "FETCH") || same_text(name, "UIDFETCH")) {
        fetch_.begin(name, number, in);
        if (fetch_.read(in)) in.fail(')');
    } else if (same_text(name, "EXISTS")) {
        sink_.exists(number);
    } else if (same_text(name, "EXPUNGE")) {
        sink_.expunged();
    }
}

/// RFC 3501 mailbox-data and capability-data, and those of extensions. Unknown ones are skipped.
bool Parser::read_data(std::string_view name, Cursor& in)
{
    in.skip_blanks();
    if (same_text(name, "LIST") || same_text(name, "LSUB")) {
        sink_.list(read_mailbox_list(in));
    } else if (same_text(name, "STATUS")) {
        sink_.status(read_mailbox_status(in));
    } else if (same_text(name, "SEARCH")) {
        sink_.search(read_search(in));
    } else if (same_text(name, "ESEARCH")) {
        sink_.search(read_esearch(in));
    } else if (same_text(name, "VANISHED")) {
        sink_.vanished(read_vanished(in));
    } else if (same_text(name, "FLAGS")) {
        FlagList flags;
        read_flag_list(in, flags);
        sink_.flags(flags);
    } else if (same_text(name, "CAPABILITY")) {
        sink_.capability(in.rest());
    } else if (same_text(name, "ENABLED")) {
        sink_.enabled(in.rest());
    } else if (same_text(name, "NAMESPACE")) {
        sink_.namespaces(read_namespaces(in));
    } else if (same_text(name, "ID")) {
        sink_.server_id(read_id_params(in));
    } else {
        return false;
    }
    return true;
}

}  // namespace offlineimap::imap
