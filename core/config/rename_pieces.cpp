// SPDX-License-Identifier: Apache-2.0
#include "rename_pieces.hpp"

#include "folder_patterns.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <utility>

namespace offlineimap::core {

namespace {

void add_literal(RenamePieces& pieces, char character)
{
    if (pieces.empty() || pieces.back().group != 0) pieces.push_back({});
    pieces.back().text += character;
}

std::size_t groups_in(const RenamePieces& pieces)
{
    std::size_t most = 0;
    for (const auto& piece : pieces)
        most = std::max(most, piece.group);
    return most;
}

bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Reads a regular expression as long as it is simple.
class PatternReader {
public:
    explicit PatternReader(std::string_view expression) : rest_(expression) { }

    std::optional<SimplePattern> read()
    {
        result_.from_start = take("^");
        while (!rest_.empty() && rest_ != "$")
            if (!read_piece()) return std::nullopt;
        result_.to_end = take("$");
        return std::move(result_);
    }

private:
    bool read_piece()
    {
        const char c = rest_.front();
        const bool known = c == '(' ? read_group() : c == '\\' ? read_escape() : read_literal();
        constexpr std::string_view repeats = "*+?{";
        return known && (rest_.empty() || repeats.find(rest_.front()) == std::string_view::npos);
    }

    bool read_literal()
    {
        constexpr std::string_view special = ".[*+?{|)^$";
        if (special.find(rest_.front()) != std::string_view::npos) return false;
        add_literal(result_.pieces, rest_.front());
        rest_.remove_prefix(1);
        return true;
    }

    bool read_escape()
    {
        if (rest_.size() < 2 || is_letter_or_digit(rest_[1])) return false;
        add_literal(result_.pieces, rest_[1]);
        rest_.remove_prefix(2);
        return true;
    }

    /// A group that is remembered, without another such group in it.
    bool read_group()
    {
        const auto end = end_of_group();
        if (end == std::string_view::npos) return false;
        auto inside = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        if (inside.starts_with("?P<"))
            inside.remove_prefix(std::min(inside.find('>') + 1, inside.size()));
        else if (inside.starts_with('?'))
            return false;
        result_.pieces.push_back({groups_in(result_.pieces) + 1, std::string(inside)});
        return true;
    }

    [[nodiscard]] std::size_t end_of_group() const
    {
        bool in_class = false;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == '\\')
                ++i;
            else if (rest_[i] == '[')
                in_class = true;
            else if (rest_[i] == ']')
                in_class = false;
            else if (!in_class && rest_[i] == '(')
                return std::string_view::npos;
            else if (!in_class && rest_[i] == ')')
                return i;
        }
        return std::string_view::npos;
    }

    bool take(std::string_view token)
    {
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }

    std::string_view rest_;
    SimplePattern result_;
};

}  // namespace

RenamePieces glob_pieces(std::string_view glob)
{
    RenamePieces pieces;
    std::size_t group = 0;
    for (const char c : glob) {
        if (c == '*' || c == '?')
            pieces.push_back({++group, c == '*' ? "\\C*" : "."});
        else
            add_literal(pieces, c);
    }
    return pieces;
}

RenamePieces glob_name_pieces(std::string_view name)
{
    RenamePieces pieces;
    std::size_t group = 0;
    for (const char c : name) {
        if (c == '*')
            pieces.push_back({++group, {}});
        else
            add_literal(pieces, c);
    }
    return pieces;
}

std::optional<SimplePattern> simple_pattern(std::string_view expression)
{
    return PatternReader(expression).read();
}

RenamePieces rewrite_pieces(std::string_view rewrite)
{
    RenamePieces pieces;
    for (std::size_t i = 0; i < rewrite.size(); ++i) {
        if (rewrite[i] != '\\' || i + 1 == rewrite.size()) {
            add_literal(pieces, rewrite[i]);
            continue;
        }
        const char next = rewrite[++i];
        if (next >= '1' && next <= '9')
            pieces.push_back({static_cast<std::size_t>(next - '0'), {}});
        else
            add_literal(pieces, next);
    }
    return pieces;
}

std::string expression_of(const RenamePieces& pieces)
{
    std::string expression = "^(?s:";
    for (const auto& piece : pieces)
        expression += piece.group == 0 ? quoted_pattern(piece.text) : concat("(", piece.text, ")");
    return expression + ")$";
}

std::string rewrite_of(const RenamePieces& pieces)
{
    std::string rewrite;
    for (const auto& piece : pieces) {
        if (piece.group != 0) {
            rewrite += concat("\\", std::to_string(piece.group));
            continue;
        }
        for (const char c : piece.text)
            rewrite += c == '\\' ? std::string("\\\\") : std::string {c};
    }
    return rewrite;
}

std::optional<TurnedRound> turned_round(const RenamePieces& pattern, const RenamePieces& name)
{
    RenamePieces from, to = pattern;
    std::size_t next = 0;
    for (const auto& piece : name) {
        from.push_back(piece);
        if (piece.group == 0) continue;
        const auto group = std::ranges::find(pattern, piece.group, &RenamePiece::group);
        if (group == pattern.end()) return std::nullopt;
        from.back().text = group->text;
        auto& there = to[static_cast<std::size_t>(group - pattern.begin())];
        if (there.text.empty()) return std::nullopt;  // the group stands there twice
        there = {++next, {}};
    }
    constexpr std::size_t most = 9;  // RE2 writes a group as one digit
    if (next > most
        || next
            != static_cast<std::size_t>(std::ranges::count_if(
                pattern, [](const RenamePiece& piece) { return piece.group != 0; })))
        return std::nullopt;
    return TurnedRound {expression_of(from), rewrite_of(to)};
}

}  // namespace offlineimap::core
