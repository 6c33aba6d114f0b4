// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"

#include "config.hpp"
#include "plan.hpp"
#include "plugins.hpp"
#include "program_run.hpp"
#include "repair.hpp"
#include "status.hpp"

#include "core/cli/help.hpp"
#include "core/host/loader.hpp"
#include "core/host/plugin_path.hpp"
#include "core/run/maintenance.hpp"
#include "core/run/run.hpp"
#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <array>
#include <iostream>

namespace offlineimap::core {

namespace {

constexpr auto program = "offlineimap";

std::vector<std::string_view> names_of(std::span<const SubCommand> commands)
{
    std::vector<std::string_view> names {"help"};
    for (const auto& command : commands)
        names.push_back(command.name);
    return names;
}

/// The original's names its library and interpreter; ours, the plugins that are installed.
std::string long_version()
{
    std::string text = concat("offlineimap v", version());
    const PluginLoader loader(plugin_search_path({}));
    for (const auto& listing : loader.list())
        if (listing.plugin != nullptr)
            text += concat(", ", listing.plugin->name, " v", listing.plugin->version);
    return text;
}

}  // namespace

std::span<const SubCommand> sub_commands() noexcept
{
    static const std::array commands {
        config_command(),
        plugins_command(),
        repair_command(),
        status_command(),
    };
    return commands;
}

int run_command(const SubCommand& command, std::span<const char* const> arguments)
{
    const auto parsed = parse_arguments(command, arguments);
    if (!parsed.wants_help) return command.run(parsed);
    std::cout << help_text(program, command);
    return 0;
}

int print_help(std::span<const char* const> words)
{
    if (words.empty()) {
        std::cout << help_text(program, sub_commands());
        return 0;
    }
    const auto* command = find_command(sub_commands(), words.front());
    if (command == nullptr) {
        const auto names = names_of(sub_commands());
        const std::vector<std::string> known(names.begin(), names.end());
        throw UsageError(concat(
            "there is no command ", in_quotes(words.front()), did_you_mean(words.front(), known)));
    }
    std::cout << help_text(program, *command);
    return 0;
}

int run_plainly(std::span<const char* const> arguments)
{
    const auto line = parse_command_line(arguments, names_of(sub_commands()));
    switch (line.action) {
    case Action::help:
        return print_help({});
    case Action::version:
        std::cout << version() << '\n';
        return 0;
    case Action::long_version:
        std::cout << long_version() << '\n';
        return 0;
    case Action::info:
        return run_program(
            line, [&line](const Program& run, WakeUp&) { show_info(run, line.columns); });
    case Action::delete_folder:
        return run_program(
            line, [&line](const Program& run, WakeUp&) { delete_remote_folder(run, line.folder); });
    case Action::prune_folder_names:
        return run_program(line, [](const Program& run, WakeUp&) { prune_folder_names(run); });
    case Action::migrate_marks:
        return run_program(line, [](const Program& run, WakeUp&) { migrate_marks(run); });
    default:
        if (line.plan_json) return run_plan_json(line);
        if (line.apply) return run_apply(line);
        return run_program(
            line, [](const Program& run, WakeUp& wake_up) { run_accounts(run, wake_up); });
    }
}

}  // namespace offlineimap::core
