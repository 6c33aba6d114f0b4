// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include "option_table.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace offlineimap::core {

namespace {

ColumnStyle column_style(const std::string& words)
{
    using Style = ColumnStyle;
    Style style;
    style.when = Style::When::always;
    std::string commas = words;
    std::ranges::replace(commas, ' ', ',');
    for (const auto& word : split_list(commas)) {
        if (word == "always")
            style.when = Style::When::always;
        else if (word == "never")
            style.when = Style::When::never;
        else if (word == "auto")
            style.when = Style::When::on_terminal;
        else if (word == "column")
            style.fill = Style::Fill::columns;
        else if (word == "row")
            style.fill = Style::Fill::rows;
        else if (word == "plain")
            style.fill = Style::Fill::plain;
        else if (word == "dense")
            style.width = Style::Width::own;
        else if (word == "nodense")
            style.width = Style::Width::equal;
        else
            throw UsageError(concat(
                "option --column: ", in_quotes(word),
                " is not one of always, never, auto, column, row, plain, dense, nodense"));
    }
    return style;
}

/// Reads options one after the other; the later one wins.
class CommandLineReader {
public:
    CommandLine read(std::span<const FoundOption> options)
    {
        for (const auto& option : options) {
            read_flag(option.key);
            read_option(option.key, option.value);
        }
        keep_debug_lines_in_order();
        return std::move(result_);
    }

private:
    void read_flag(std::string_view name)
    {
        auto& overrides = result_.overrides;
        if (name == "help")
            ask_for(Action::help);
        else if (name == "version")
            ask_for(Action::version);
        else if (name == "-V")
            ask_for(Action::long_version);
        else if (name == "info")
            ask_for(Action::info);
        else if (name == "migrate-fmd5-using-nametrans")
            ask_for(Action::migrate_marks);
        else if (name == "mbnames-prune")
            ask_for(Action::prune_folder_names);
        else if (name == "delete-folder")
            ask_for(Action::delete_folder);
        else if (name == "dry-run")
            overrides.dry_run = true;
        else if (name == "ignore-keyring")
            overrides.ignore_keyring = true;
        else if (name == "update-keyring")
            overrides.update_keyring = true;
        else if (name == "-o")
            overrides.once = true;
        else if (name == "-q")
            overrides.quick = true;
        else if (name == "-1")
            overrides.single_thread = true;
        else if (name == "-s")
            result_.syslog = true;
        else if (name == "no-column")
            result_.columns = {};
        else if (name == "approve-deletes")
            result_.approve_deletes = true;
    }

    void read_option(std::string_view name, const std::string& value)
    {
        auto& overrides = result_.overrides;
        if (name == "-c")
            result_.config_file = value;
        else if (name == "-a")
            overrides.accounts = value;
        else if (name == "-f")
            overrides.only_folders = unstripped_items(value);
        else if (name == "-k")
            overrides.options.push_back(value);
        else if (name == "-u")
            overrides.interface = value;
        else if (name == "-l")
            result_.log_file = value;
        else if (name == "-d")
            read_debug(value);
        else if (name == "-P")
            trace_into(value);
        else if (name == "delete-folder")
            result_.folder = value;
        else if (name == "plan-json")
            result_.plan_json = value;
        else if (name == "apply")
            result_.apply = value;
        else if (name == "column")
            result_.columns = column_style(value);
    }

    /// One thread at a time, as in the original: then the spans tell what waits for what.
    void trace_into(const std::string& directory)
    {
        result_.trace = directory;
        result_.overrides.single_thread = true;
    }

    void read_debug(const std::string& value)
    {
        const std::vector<std::string> known {"imap", "maildir", "thread"};
        result_.debug.clear();
        const auto wanted = lower(trimmed(value)) == "all" ? known : split_list(value);
        for (const auto& category : wanted) {
            if (std::ranges::find(known, category) != known.end())
                result_.debug.push_back(category);
            else
                result_.warnings.push_back(concat(
                    "option -d: ", in_quotes(category), " is not one of ", join(known, ", ")));
        }
    }

    /// As the original does, unless it is the threads that are looked into.
    void keep_debug_lines_in_order()
    {
        auto& overrides = result_.overrides;
        if (result_.debug.empty() || overrides.single_thread) return;
        if (std::ranges::find(result_.debug, "thread") != result_.debug.end()) return;
        overrides.single_thread = result_.debug_takes_one_thread = true;
    }

    /// Names of folders may begin and end with blanks.
    static std::vector<std::string> unstripped_items(std::string_view value)
    {
        const auto items = split(value, ',');
        return {items.begin(), items.end()};
    }

    /// Of several the one that comes first in Action counts, as in the original.
    void ask_for(Action action)
    {
        if (result_.action == Action::synchronise || action < result_.action)
            result_.action = action;
    }

    CommandLine result_;
};

}  // namespace

namespace {

void check_plan_options(const CommandLine& line)
{
    if (line.apply && (line.plan_json || line.overrides.dry_run))
        throw UsageError(concat(
            "--apply does a plan, ", line.plan_json ? "--plan-json" : "--dry-run",
            " only makes one: give one of the two"));
    if (line.approve_deletes && !line.apply)
        throw UsageError("--approve-deletes approves those of a plan: give --apply FILE as well");
}

}  // namespace

bool is_common_option(std::string_view key)
{
    return std::ranges::find(command_line_options(), key, key_of) != command_line_options().end();
}

CommandLine command_line(std::span<const FoundOption> options)
{
    return CommandLineReader().read(options);
}

CommandLine parse_command_line(
    std::span<const char* const> arguments, std::span<const std::string_view> commands)
{
    std::vector<CommandLineOption> table;
    std::ranges::copy(command_line_options(), std::back_inserter(table));
    std::vector<FoundOption> options;
    std::vector<std::string> words;
    for (auto& found : parse_options(table, arguments)) {
        if (found.key.empty())
            words.push_back(std::move(found.value));
        else
            options.push_back(std::move(found));
    }
    auto line = command_line(options);
    check_plan_options(line);
    for (const auto& word : words) {
        if (std::ranges::find(commands, word) != commands.end())
            throw UsageError(concat(
                "the command ", word, " has to come first: offlineimap ", word, " [options]"));
        line.warnings.push_back(concat("the word ", in_quotes(word), " is not used"));
    }
    return line;
}

}  // namespace offlineimap::core
