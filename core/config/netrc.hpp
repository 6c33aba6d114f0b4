// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::core {

struct NetrcEntry {
    std::optional<std::string> machine;  ///< nullopt: `default`, for every machine
    std::string login = {}, account = {}, password = {};
};

/// The entries of a .netrc file, in its order. Words may be in double quotes; macros are passed
/// over, and so are words that mean nothing.
[[nodiscard]] std::vector<NetrcEntry> parse_netrc(std::string_view text);

/// The first entry for the machine (case does not count) and, unless empty, the login; an entry
/// without a login is for every login, `default` for every machine. nullptr: there is none.
[[nodiscard]] const NetrcEntry* find_netrc_entry(
    const std::vector<NetrcEntry>& entries, std::string_view machine, std::string_view login);

/// ~/.netrc and /etc/netrc.
[[nodiscard]] std::vector<std::filesystem::path> netrc_files();

}  // namespace offlineimap::core
