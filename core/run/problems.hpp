// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/host/event_bus.hpp"

#include <string>
#include <string_view>

namespace offlineimap::core {

/// What the user can do about an error of this kind; empty: the error's own text says all there is.
[[nodiscard]] std::string_view advice(Errc code) noexcept;

/// What a failure's line says: the error, and what to do about it.
[[nodiscard]] std::string failure_text(const Error& error);

/// Says at the end of a run what went wrong in it: each problem once, with how often it happened
/// and what to do. Nothing if nothing did.
void say_problems(EventBus& bus);

}  // namespace offlineimap::core
