// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"

#include <algorithm>
#include <cctype>

namespace offlineimap::sync {
namespace {

using Words = std::vector<std::string>;

void add(Words& words, const Words& more)
{
    words.insert(words.end(), more.begin(), more.end());
}

std::string line(const Words& words, const Words& unshown)
{
    std::string text = "offlineimap";
    for (const auto& word : words)
        text += ' ' + in_shell(word);
    for (const auto& name : unshown)
        text += (&name == &unshown.front() ? " # and with -k " : ", ") + name + "=...";
    return text;
}

}  // namespace

std::string Commands::again(const std::vector<std::string>& settings) const
{
    using Task = Typed::Task;
    Words words = typed.own;
    if (typed.task == Task::run) words.insert(words.begin(), "-o");
    if (typed.task == Task::repair) words.insert(words.begin(), "repair");
    add(words, typed.common);
    if (typed.task != Task::repair) add(words, typed.of_run);
    if (typed.task == Task::apply) {  // the plan says for which accounts
        if (typed.accounts) add(words, {"-a", *typed.accounts});
        return line(words, typed.unshown);
    }
    add(words, {"-a", account});
    for (const auto& setting : settings)
        add(words, {"-k", setting});
    return line(words, typed.unshown);
}

std::string Commands::repair() const
{
    Words words {"repair"};
    add(words, typed.common);
    add(words, {"-a", account});
    return line(words, typed.unshown);
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
