// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin.hpp"

#include <span>
#include <variant>

namespace offlineimap {

using Value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// One expression of the configuration (a nametrans, a folderfilter, a remotepasseval).
class OFFLINEIMAP_EXPORT Expression : public Interface {
public:
    /// The value of a plain expression; with `arguments`, of calling the function that it yields.
    virtual Value evaluate(std::span<const Value> arguments) = 0;
};

/// A language for expressions. Loaded only when the configuration holds some. Thread-safe.
class OFFLINEIMAP_EXPORT Script : public Interface {
public:
    static constexpr Kind plugin_kind = Kind::script;

    /// `where` is the place in the configuration, for messages. Throws config on a syntax error.
    virtual std::unique_ptr<Expression>
    compile(std::string_view source, std::string_view where) = 0;
};

}  // namespace offlineimap
