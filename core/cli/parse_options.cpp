// SPDX-License-Identifier: Apache-2.0
#include "parse_options.hpp"

#include <boost/program_options.hpp>

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

po::options_description description_of(std::span<const CommandLineOption> options)
{
    po::options_description description;
    for (const auto& option : options) {
        if (option.may_do_without())
            description.add_options()(
                boost_name(option).c_str(), po::value<std::string>()->implicit_value(""), "");
        else if (option.takes_argument())
            description.add_options()(boost_name(option).c_str(), po::value<std::string>(), "");
        else
            description.add_options()(boost_name(option).c_str(), "");
    }
    return description;
}

/// Boost writes two dashes before a letter.
std::string as_typed(std::string text)
{
    for (auto at = text.find("'--"); at != text.npos; at = text.find("'--", at + 1))
        if (text.compare(at + 4, 1, "'") == 0) text.erase(at + 1, 1);
    return text;
}

}  // namespace

std::string key_of(const CommandLineOption& option)
{
    return option.name.empty() ? std::string {'-', option.letter} : std::string(option.name);
}

std::vector<FoundOption>
parse_options(std::span<const CommandLineOption> options, std::span<const char* const> arguments)
{
    const auto description = description_of(options);
    namespace style = po::command_line_style;
    const std::vector<std::string> words(arguments.begin(), arguments.end());
    std::vector<FoundOption> found;
    try {
        const auto parsed = po::command_line_parser(words)
                                .options(description)
                                .style(style::unix_style | style::allow_guessing)
                                .run();
        for (const auto& option : parsed.options) {
            const bool is_word = option.string_key.empty();
            for (std::size_t i = 0; is_word && i < option.value.size(); ++i)
                found.push_back({{}, option.value[i]});
            if (!is_word)
                found.push_back(
                    {option.string_key, option.value.empty() ? "" : option.value.front()});
        }
    } catch (const po::error& error) {
        throw UsageError(as_typed(error.what()));
    }
    return found;
}

}  // namespace offlineimap::core
