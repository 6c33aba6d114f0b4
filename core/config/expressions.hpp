// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "known_options.hpp"
#include "model.hpp"

#include <offlineimap/script.hpp>

#include <memory>
#include <string_view>

// Options that are Python expressions. `script` is the interpreter, nullptr where
// there is none: then everything but a constant written out is an error that says what to do.

namespace offlineimap::core {

/// An option where it stands.
struct Place {
    const Section& section;
    std::string_view option;
    const Value& value;
};

/// Whether a value is an expression: by its option in an rc file, by its tag in YAML.
[[nodiscard]] bool is_expression(
    Syntax syntax, SectionKind section, std::string_view option, const Value& value) noexcept;

/// The value of a plain expression. Throws config.
[[nodiscard]] offlineimap::Value evaluate(const Place& place, Script* script);

/// A function: nametrans, folderfilter. Throws config.
[[nodiscard]] std::unique_ptr<Expression> compile(const Place& place, Script* script);

/// The text of what an expression yielded. Throws config if it is no text and no number.
[[nodiscard]] std::string text_of(const offlineimap::Value& value, const Place& place);
/// What commands print ends with one, and many functions give that back as it is.
[[nodiscard]] std::string without_line_end(std::string text);

/// The same for a list of texts.
[[nodiscard]] std::vector<std::string> list_of(const offlineimap::Value& value, const Place& place);

/// What Python takes for true.
[[nodiscard]] bool is_true(const offlineimap::Value& value);

}  // namespace offlineimap::core
