// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

#include "option_table.hpp"

#include "core/text/strings.hpp"

#include <cstddef>

namespace offlineimap::core {

namespace {

constexpr std::size_t help_column = 26;

std::string written(const CommandLineOption& option)
{
    std::string text = "  ";
    if (option.letter != '\0') text.append("-").push_back(option.letter);
    if (option.letter != '\0' && !option.name.empty()) text += ", ";
    if (!option.name.empty()) text += concat("--", option.name);
    if (option.takes_argument()) text += concat(" ", option.argument);
    return text;
}

std::string line(std::string text, std::string_view help)
{
    if (text.size() + 1 < help_column)
        text.resize(help_column, ' ');
    else
        text.append("\n").append(help_column, ' ');
    return text.append(help).append("\n");
}

std::string commands()
{
    std::string text;
    for (const auto& command : sub_commands())
        if (command.available) text += line(concat("  ", command.name), command.help);
    return text.empty() ? text : concat("\nCommands:\n", text);
}

}  // namespace

std::string help_text(std::string_view program)
{
    auto text = concat(
        "Usage: ", program,
        " [options]\n\n"
        "Keeps an IMAP account and a Maildir, or two IMAP accounts, equal.\n"
        "Licensed under the Apache License, version 2.0; there is no warranty.\n\nOptions:\n");
    for (const auto& option : command_line_options())
        text += line(written(option), option.help);
    return text + commands();
}

std::string_view version() noexcept
{
    return OFFLINEIMAP_VERSION;
}

}  // namespace offlineimap::core
