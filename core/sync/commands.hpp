// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace offlineimap::sync {

/// What the program was called with, as far as it decides what is done: word by word, unquoted.
struct Typed {
    enum class Task : std::uint8_t { run, repair, apply };
    Task task = Task::run;
    std::vector<std::string> own = {};         ///< of the task alone: "--remove-doubles"
    std::vector<std::string> common = {};      ///< what every task understands: "-c", "/file"
    std::vector<std::string> of_run = {};      ///< what a repair does not understand: "-q"
    std::optional<std::string> accounts = {};  ///< of -a
    std::vector<std::string> unshown = {};  ///< what -k set to a secret: "Repository R:remotepass"
};

/// What people can type to call the program again for one account, as messages tell them, with all
/// that decides what is done. Words are quoted as a shell needs it. Secrets are left out; a shell's
/// comment says so.
struct Commands {
    std::string account;
    Typed typed = {};

    /// What is under way once more, with these settings as well: "Account A:max_deletes=unlimited".
    /// A plan is done with its deletions instead.
    std::string again(const std::vector<std::string>& settings) const;
    std::string repair() const;
};

/// As it has to be typed in a shell.
std::string in_shell(const std::string& word);

}  // namespace offlineimap::sync
