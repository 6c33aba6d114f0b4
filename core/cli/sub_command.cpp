// SPDX-License-Identifier: Apache-2.0
#include "sub_command.hpp"

#include "help.hpp"

#include "core/text/strings.hpp"

#include <algorithm>

namespace offlineimap::core {

bool CommandArguments::has(std::string_view key) const noexcept
{
    return std::ranges::find(own, key, &FoundOption::key) != own.end();
}

std::optional<std::string> CommandArguments::value(std::string_view key) const
{
    const auto last = std::find_if(
        own.rbegin(), own.rend(), [&](const FoundOption& option) { return option.key == key; });
    if (last == own.rend()) return std::nullopt;
    return last->value;
}

const SubCommand* find_command(std::span<const SubCommand> commands, std::string_view name) noexcept
{
    const auto found = std::ranges::find(commands, name, &SubCommand::name);
    return found == commands.end() ? nullptr : &*found;
}

CommandArguments parse_arguments(const SubCommand& command, std::span<const char* const> arguments)
{
    CommandArguments result;
    std::vector<FoundOption> common;
    for (auto& found : parse_options(command.options, arguments)) {
        if (found.key.empty())
            result.words.push_back(std::move(found.value));
        else if (found.key == key_of(option::help))
            result.wants_help = true;
        else if (is_common_option(found.key))
            common.push_back(std::move(found));
        else
            result.own.push_back(std::move(found));
    }
    result.common = command_line(common);
    return result;
}

std::string help_text(std::string_view program, const SubCommand& command)
{
    auto text = concat("Usage: ", program, " ", command.name);
    if (!command.usage.empty()) text += concat(" ", command.usage);
    text += concat("\n\n", command.details);
    if (!command.options.empty()) text += "\nOptions:\n";
    for (const auto& option : command.options)
        text += help_line(option);
    return text;
}

}  // namespace offlineimap::core
