// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <offlineimap/ui.hpp>
#include <string>

namespace offlineimap::console {

/// Something failed, whatever kind of event tells it.
[[nodiscard]] bool is_failure(const Event& event) noexcept;

/// The line for a log: the event's text, cleaned, marked when it is a warning or a failure. Without
/// a line end.
[[nodiscard]] std::string message(const Event& event);

/// Whether a log wants a line for this event: not for what only moves a counter.
[[nodiscard]] bool is_worth_a_line(const Event& event, const Host& host) noexcept;

/// A component table entry for an interface without settings.
template <class T> constexpr Component ui_component(const char* type, const char* summary)
{
    Component entry {Kind::ui, type, summary, nullptr, 0, {}};
    entry.make.ui = [](Host& host) -> std::unique_ptr<Ui> { return std::make_unique<T>(host); };
    return entry;
}

}  // namespace offlineimap::console
