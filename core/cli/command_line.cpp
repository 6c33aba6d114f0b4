// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include "option_table.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <boost/program_options.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace offlineimap::core {

namespace {

namespace po = boost::program_options;

// Boost has names for options with a long name and their letter, "name,l", and for letters, ",l".
std::string boost_name(const CommandLineOption& option)
{
    std::string name(option.name);
    if (option.letter != '\0') name.append(",").push_back(option.letter);
    return name;
}

void describe(std::span<const CommandLineOption> options, po::options_description& description)
{
    for (const auto& option : options) {
        if (option.takes_argument())
            description.add_options()(boost_name(option).c_str(), po::value<std::string>(), "");
        else
            description.add_options()(boost_name(option).c_str(), "");
    }
}

po::parsed_options parse(std::span<const char* const> arguments)
{
    po::options_description description;
    describe(command_line_options(), description);
    describe(future_options(), description);
    namespace style = po::command_line_style;
    const std::vector<std::string> words(arguments.begin(), arguments.end());
    try {
        return po::command_line_parser(words)
            .options(description)
            .style(style::unix_style | style::allow_guessing)
            .run();
    } catch (const po::error& error) {
        throw UsageError(error.what());
    }
}

/// How boost names an option that was found: its name, or "-l".
std::string found_name(const CommandLineOption& option)
{
    return option.name.empty() ? std::string {'-', option.letter} : std::string(option.name);
}

void refuse_future_option(const std::string& name)
{
    for (const auto& option : future_options()) {
        if (found_name(option) == name)
            throw UsageError(
                concat("option ", option.name.empty() ? "" : "--", name, " is not available yet"));
    }
}

/// Reads options one after the other; the later one wins.
class CommandLineReader {
public:
    CommandLine read(const po::parsed_options& parsed)
    {
        for (const auto& option : parsed.options) {
            if (option.string_key.empty()) {
                for (const auto& word : option.value)
                    read_word(word);
                continue;
            }
            refuse_future_option(option.string_key);
            const bool plain = option.value.empty();
            if (plain)
                read_flag(option.string_key);
            else
                read_option(option.string_key, option.value.front());
        }
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
        else if (name == "dry-run")
            overrides.dry_run = true;
        else if (name == "-o")
            overrides.once = true;
        else if (name == "-q")
            overrides.quick = true;
        else if (name == "-1")
            overrides.single_thread = true;
        else if (name == "-s")
            result_.syslog = true;
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

    void read_word(const std::string& word)
    {
        const auto command = std::ranges::find(sub_commands(), word, &SubCommand::name);
        if (command != sub_commands().end())
            throw UsageError(concat("command ", word, " is not available yet"));
        result_.warnings.push_back(concat("the word ", in_quotes(word), " is not used"));
    }

    /// Names of folders may begin and end with blanks.
    static std::vector<std::string> unstripped_items(std::string_view value)
    {
        const auto items = split(value, ',');
        return {items.begin(), items.end()};
    }

    /// Help before everything; then the first one wins, as in the original.
    void ask_for(Action action)
    {
        if (result_.action == Action::synchronise || result_.action == Action::info)
            result_.action = action;
    }

    CommandLine result_;
};

}  // namespace

CommandLine parse_command_line(std::span<const char* const> arguments)
{
    return CommandLineReader().read(parse(arguments));
}

}  // namespace offlineimap::core
