// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"

#include <algorithm>
#include <cctype>

namespace offlineimap::sync {
namespace {

std::string with_config(std::string command, const std::string& config)
{
    if (!config.empty()) command += " -c " + in_shell(config);
    return command;
}

}  // namespace

std::string Commands::run() const
{
    return with_config("offlineimap -o", config) + " -a " + in_shell(account);
}

std::string Commands::repair() const
{
    return with_config("offlineimap repair", config) + " -a " + in_shell(account);
}

std::string in_shell(const std::string& word)
{
    const bool is_plain =
        !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
            return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '/';
        });
    if (is_plain) return word;
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

}  // namespace offlineimap::sync
