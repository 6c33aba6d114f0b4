// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace offlineimap::sync {

/// What people can type to call the program again for one account, as messages tell them. Words are
/// quoted as a shell needs it.
struct Commands {
    std::string account;
    std::string config = {};  ///< the file that was named with -c, absolute; empty: none was

    std::string run() const;
    std::string repair() const;
};

/// As it has to be typed in a shell.
std::string in_shell(const std::string& word);

}  // namespace offlineimap::sync
