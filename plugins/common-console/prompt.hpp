// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>
#include <optional>
#include <string>

namespace offlineimap::console {

/// Asks at the controlling terminal, wherever the streams go. nullopt: there is none, it belongs to
/// another process group, or the answer was end of file, an empty password, or an interrupt. An
/// interrupt (Ctrl-C) also calls `control->stop()`, as outside of a question. The terminal is as
/// before on return, whatever happened.
[[nodiscard]] std::optional<std::string>
ask_at_terminal(const Question& question, Control* control);

}  // namespace offlineimap::console
