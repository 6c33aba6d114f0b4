// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace offlineimap {

using Value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// One expression of the configuration (a nametrans, a folderfilter, a remotepasseval).
/// Thread-safe.
class OFFLINEIMAP_EXPORT Expression : public Interface {
public:
    /// The value of a plain expression, or of calling the function that it yields (always so where
    /// there are `arguments`). May take as long as what the user wrote takes. Throws config with
    /// the place and what the language says, in one line.
    virtual Value evaluate(std::span<const Value> arguments) = 0;
};

/// Facet of an Expression that is a function: puts things in its order, all with one call.
/// Throws as evaluate() does.
class Ordering {
public:
    static constexpr const char* facet_name = "ordering/1";
    /// A dictionary of texts; nullopt is the language's nothing.
    using Fields = std::vector<std::pair<std::string, std::optional<std::string>>>;

    /// Positions in `items`, ordered by the key that the function makes of each. Stable.
    virtual std::vector<std::size_t> by_key(std::span<const Fields> items) = 0;
    /// The same where the function compares two: negative, 0 or positive.
    virtual std::vector<std::size_t> by_comparison(std::span<const std::string> items) = 0;

protected:
    ~Ordering() = default;
};

/// A language for expressions. Loaded only when the configuration holds some. Thread-safe.
class OFFLINEIMAP_EXPORT Script : public Interface {
public:
    static constexpr Kind plugin_kind = Kind::script;

    /// `where` is the place in the configuration, for messages. Throws config on a syntax error.
    virtual std::unique_ptr<Expression>
    compile(std::string_view source, std::string_view where) = 0;
};

/// Facet of a Script: what an expression is made of, for those who turn it into something else.
class SyntaxReader {
public:
    static constexpr const char* facet_name = "syntax/1";

    /// The syntax tree as JSON; each language says what is in its trees. Nothing is run: what the
    /// expression takes from the user's own file is put in where it stands written there. Throws
    /// config on a syntax error.
    virtual std::string syntax_tree(std::string_view source, std::string_view where) = 0;

protected:
    ~SyntaxReader() = default;
};

}  // namespace offlineimap
