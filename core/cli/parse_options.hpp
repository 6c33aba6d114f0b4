// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "option_table.hpp"

#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace offlineimap::core {

/// The command line makes no sense: to be shown, with exit code 2.
class UsageError final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One option or word of a command line.
struct FoundOption {
    std::string key;    ///< "dry-run", or "-a" of an option without a name; empty: a word
    std::string value;  ///< the argument, or the word
};

/// How FoundOption names an option.
[[nodiscard]] std::string key_of(const CommandLineOption& option);

/// What stands in `arguments`, in its order. Letters may be clustered ("-oq1") and an argument
/// attached ("-cFILE"); names may be shortened. Throws UsageError.
[[nodiscard]] std::vector<FoundOption>
parse_options(std::span<const CommandLineOption> options, std::span<const char* const> arguments);

}  // namespace offlineimap::core
