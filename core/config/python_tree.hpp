// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What those who turn Python into rules ask a syntax tree of script-python's SyntaxReader.

namespace offlineimap::core::python {

using Json = nlohmann::json;

/// Thrown: more than rules can say.
struct TooMuch { };

[[nodiscard]] bool is(const Json& node, const char* kind);

/// The text of a string that is written out. Throws TooMuch, as all of these do.
[[nodiscard]] std::string constant(const Json& node);
/// The texts of a list, a tuple, a set, or the keys of a dictionary.
[[nodiscard]] std::vector<std::string> constants(const Json& node);
/// A whole number that is written out, as -1 is; nullopt: something else.
[[nodiscard]] std::optional<long> whole_number(const Json& node);

/// A function of one name: what its parameter is called, and what it yields.
struct Function {
    std::string parameter;
    Json body;
};
[[nodiscard]] Function function(std::string_view tree);

/// The node with `value` wherever it has the name.
[[nodiscard]] Json replaced(Json node, const std::string& name, const Json& value);

/// `receiver.method(...)` without arguments by name.
[[nodiscard]] bool is_method(const Json& call, const char* method);
/// `re.function(...)`.
[[nodiscard]] bool is_of_re(const Json& call, const char* function);

/// A regular expression of Python with what a call says about it.
struct Pattern {
    std::string text;
    bool ignores_case = false;
    /// As RE2 writes the same; what RE2 reads in another way is TooMuch.
    [[nodiscard]] std::string for_re2() const;
};

/// Where an expression is looked for: `re.search(p, x)`, `re.match`, `re.fullmatch`, and these on
/// `re.compile(p)`. nullopt: some other call.
struct Search {
    enum class Where { anywhere, at_start, whole } where;
    Pattern pattern;
    Json subject;
};
[[nodiscard]] std::optional<Search> search(const Json& call);

/// `re.sub(p, text, x)`, and this on `re.compile(p)`. nullopt: some other call.
struct Substitution {
    Pattern pattern;
    std::string text;
    Json subject;
};
[[nodiscard]] std::optional<Substitution> substitution(const Json& call);

}  // namespace offlineimap::core::python
