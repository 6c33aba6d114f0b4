// SPDX-License-Identifier: Apache-2.0
#include "help.hpp"

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
    if (option.takes_argument())
        text += concat(option.may_do_without() ? "" : " ", option.argument);
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

std::string list_of(std::span<const SubCommand> commands)
{
    std::string text = "\nCommands:\n";
    for (const auto& command : commands)
        text += line(concat("  ", command.name), command.summary);
    return text + line("  help [COMMAND]", "print this help, or a command's");
}

}  // namespace

std::string help_line(const CommandLineOption& option)
{
    return line(written(option), option.help);
}

std::string help_text(std::string_view program, std::span<const SubCommand> commands)
{
    auto text = concat(
        "Usage: ", program, " [options]\n       ", program,
        " COMMAND [options]\n\n"
        "Keeps an IMAP account and a Maildir, or two IMAP accounts, equal.\n"
        "Licensed under the Apache License, version 2.0; there is no warranty.\n\nOptions:\n");
    for (const auto& option : command_line_options())
        text += help_line(option);
    return text + list_of(commands);
}

std::string_view version() noexcept
{
    return OFFLINEIMAP_VERSION;
}

}  // namespace offlineimap::core
