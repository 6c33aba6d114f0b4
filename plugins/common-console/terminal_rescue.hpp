// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace offlineimap::console {

/// Puts a terminal right when a signal that nobody else handles ends the process (abort, a fault,
/// an alarm) while this object lives: its present settings, and some last bytes for it. One in a
/// plugin at a time; a second one does nothing.
class TerminalRescue {
public:
    /// Of `farewell` the first 256 bytes.
    TerminalRescue(int descriptor, std::string_view farewell) noexcept;
    TerminalRescue(const TerminalRescue&) = delete;
    TerminalRescue& operator=(const TerminalRescue&) = delete;
    ~TerminalRescue();
    /// Other last bytes, which were not known before the terminal was changed.
    void farewell(std::string_view bytes) noexcept;

private:
    bool is_on_ = false;
};

}  // namespace offlineimap::console
