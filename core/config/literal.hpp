// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/script.hpp>

#include <optional>
#include <string_view>

namespace offlineimap::core {

/// The value of a Python expression that is a constant written out: a string, a whole number, True,
/// False, None, a list or tuple of strings. nullopt: it is something else. So that the most common
/// expressions need no Python.
[[nodiscard]] std::optional<offlineimap::Value> python_literal(std::string_view source);

}  // namespace offlineimap::core
