// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a rule of folders.rename is made of, so that it can be turned round.

namespace offlineimap::core {

/// A literal text, or a group. The groups of a pattern say what they match.
struct RenamePiece {
    std::size_t group = 0;  ///< from 1; 0: literal
    std::string text;       ///< the literal text, or the group's regular expression
};
using RenamePieces = std::vector<RenamePiece>;

/// A regular expression that is nothing but literal texts and groups.
struct SimplePattern {
    RenamePieces pieces;
    bool from_start = false, to_end = false;
};

/// A glob: each wildcard is a group.
[[nodiscard]] RenamePieces glob_pieces(std::string_view glob);
/// The new name that goes with a glob: each `*` is the next group.
[[nodiscard]] RenamePieces glob_name_pieces(std::string_view name);
/// nullopt: there is more in it than literal texts and groups.
[[nodiscard]] std::optional<SimplePattern> simple_pattern(std::string_view expression);
/// The new name that goes with a regular expression: \1 is a group.
[[nodiscard]] RenamePieces rewrite_pieces(std::string_view rewrite);

/// The regular expression of a whole name that is made of these, the groups in their order.
[[nodiscard]] std::string expression_of(const RenamePieces& pieces);
/// The same as RE2 writes a new name.
[[nodiscard]] std::string rewrite_of(const RenamePieces& pieces);

/// A pattern and the new name that take each other's place. nullopt: the new name lacks what a
/// group matched, or has it twice.
struct TurnedRound {
    std::string expression, rewrite;
};
[[nodiscard]] std::optional<TurnedRound>
turned_round(const RenamePieces& pattern, const RenamePieces& name);

}  // namespace offlineimap::core
