// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <offlineimap/ui.hpp>
#include <string>

namespace offlineimap::ui_json {

/// Keys keep their order: a person reads it, too.
using Json = nlohmann::ordered_json;

/// The object of docs/ui-protocols.md. What is empty or zero is left out.
[[nodiscard]] Json to_json(const Event& event);
/// One line; what is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string to_line(const Json& object);

}  // namespace offlineimap::ui_json
