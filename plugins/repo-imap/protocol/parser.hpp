// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "grammar.hpp"

#include <string>

namespace offlineimap::imap {

/// How much a server may make us hold.
struct Limits {
    std::size_t line = std::size_t {1} << 20;           ///< any response but the two below
    std::size_t uid_list = std::size_t {20} << 20;      ///< SEARCH, ESEARCH, VANISHED
    std::size_t small_literal = std::size_t {1} << 16;  ///< anything that is not a message text
    std::uint64_t text = 0xffff'ffff;                   ///< of a message: RFC 3501 number
    unsigned literals = 256;                            ///< of that kind in one response
};

enum class Trace : std::uint8_t { off, on };

/// Turns what arrives into calls of a sink. Any cut of the stream gives the same calls, but that a
/// text may come in other pieces. Complete lines and texts are read where they lie; only the rest
/// of an unfinished line is kept.
///
/// Throws protocol, and what the sink throws; after that it must not be fed again.
class Parser {
public:
    explicit Parser(ResponseSink& sink, Trace trace = Trace::off, Limits limits = {});

    void feed(Bytes input);
    /// How many responses have been read, and whether nothing of another one has arrived: tells
    /// whether something came behind an answer.
    [[nodiscard]] std::uint64_t responses() const noexcept { return responses_; }
    [[nodiscard]] bool is_between_responses() const noexcept
    {
        return held_.empty() && state_ == State::line && !fetch_.is_open();
    }

private:
    enum class State : std::uint8_t { line, small_literal, text };

    std::string_view feed_line(std::string_view input);
    std::string_view feed_literal(std::string_view input);
    std::string_view feed_text(std::string_view input);
    void check_length(std::string_view piece) const;
    void end_of_line(std::string_view line);
    void begin_literal(std::string_view line, LiteralMark mark);
    void begin_text(std::uint64_t size);
    void read_response(std::string_view line);
    void read_continuation(std::string_view line);
    void read_tagged(std::string_view line);
    void read_untagged(Cursor& in);
    void read_numbered(Cursor& in);
    bool read_condition(std::string_view name, std::string_view line, Cursor& in);
    bool read_data(std::string_view name, Cursor& in);
    std::optional<std::uint64_t> read_fetch(std::string_view line);

    ResponseSink& sink_;
    Trace trace_;
    Limits limits_;
    FetchReader fetch_;
    State state_ = State::line;
    std::string held_;         ///< an unfinished response
    std::string line_;         ///< one that has just been finished
    std::size_t segment_ = 0;  ///< where in it the text behind the last literal begins
    unsigned literals_ = 0;    ///< in the current response
    std::uint64_t responses_ = 0;
    std::uint64_t remaining_ = 0;  ///< bytes of the current literal
};

}  // namespace offlineimap::imap
