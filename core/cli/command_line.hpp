// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parse_options.hpp"

#include "core/config/overrides.hpp"
#include "core/text/columns.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::core {

/// What the user asks for.
enum class Action {
    synchronise,
    help,
    version,
    long_version,
    info,
    migrate_marks,
    prune_folder_names,
    delete_folder
};

struct CommandLine {
    Action action = Action::synchronise;
    std::string folder = {};                                ///< of --delete-folder
    std::optional<std::filesystem::path> config_file = {};  ///< -c, as written
    Overrides overrides = {};
    std::vector<std::string> debug = {};                 ///< -d: imap, maildir, thread, each once
    bool debug_takes_one_thread = false;                 ///< -1 because of -d
    std::optional<std::filesystem::path> log_file = {};  ///< -l
    std::optional<std::filesystem::path> trace = {};     ///< -P: the directory to be made
    bool syslog = false;
    std::optional<std::filesystem::path> plan_json = {};  ///< where a dry run writes its plan
    std::optional<std::filesystem::path> apply = {};      ///< the plan to do
    bool approve_deletes = false;
    ColumnStyle columns = {};  ///< of the folders that --info lists
    std::vector<std::string> warnings = {};
};

/// `arguments` without the program's name. Of an option that is repeated the last one counts, but
/// for -k. A word that is one of `commands` is an error: it would have to come first. Throws
/// UsageError.
[[nodiscard]] CommandLine parse_command_line(
    std::span<const char* const> arguments, std::span<const std::string_view> commands = {});

/// True for the options of a plain run: command_line() understands them.
[[nodiscard]] bool is_common_option(std::string_view key);

/// What these options say. Throws UsageError.
[[nodiscard]] CommandLine command_line(std::span<const FoundOption> options);

}  // namespace offlineimap::core
