// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::ui_machineui {

/// One line of the protocol.
struct Record {
    std::string_view severity = "msg", command;
    std::string thread = "MainThread", payload;
};

/// As Python's quote_plus(): letters, digits and "_.-~" as they are, a blank as "+", else %XX.
[[nodiscard]] std::string form_quoted(std::string_view text);
/// "severity:command:thread:payload" and a line feed.
[[nodiscard]] std::string line(const Record& record);
/// The lines that one event makes in a thread; none for what the protocol has no words for.
[[nodiscard]] std::vector<Record> records_of(const Event& event, const std::string& thread);
/// Adds the lines with which a thread is over.
void add_end_of(const std::string& thread, std::vector<Record>& records);
/// The name of the original's thread that would have told it, as far as the event alone tells.
[[nodiscard]] std::string thread_name(const Event& event);

}  // namespace offlineimap::ui_machineui
