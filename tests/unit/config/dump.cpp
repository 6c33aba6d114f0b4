// SPDX-License-Identifier: Apache-2.0
#include "dump.hpp"

#include "core/text/strings.hpp"

#include <algorithm>

using namespace offlineimap::core;

namespace {

std::string escaped(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '\n')
            result += "\\n";
        else if (c == '"' || c == '\\')
            result.append({'\\', c});
        else
            result += c;
    }
    return result + '"';
}

std::string value_text(const Value& value)
{
    if (!value.problem.empty()) return "! " + value.problem;
    if (!value.list) return "= " + escaped(value.text);
    std::vector<std::string> items;
    for (const auto& item : *value.list)
        items.push_back(escaped(item));
    return concat("= [", join(items, ", "), "]");
}

std::string dump_section(const Section& section)
{
    auto text = concat("[", section.title, "] ", section.where, "\n");
    for (const auto& [name, value] : section.options)
        text += concat(value.where, ": ", name, " ", value_text(value), "\n");
    return text;
}

}  // namespace

std::string dump(const Config& config)
{
    auto text = dump_section(config.general);
    if (config.mbnames) text += dump_section(*config.mbnames);
    for (const auto* list : {&config.accounts, &config.repositories, &config.interfaces})
        for (const auto& section : *list)
            text += dump_section(section);
    for (const auto& warning : config.warnings)
        text += concat("warning: ", warning, "\n");
    return text;
}

std::string dump_plain(const Section& section)
{
    auto options = section.options;
    std::ranges::sort(options, {}, &Entry::name);
    auto text = concat("[", section.title, "]\n");
    for (const auto& [name, value] : options)
        text +=
            concat(name, value.problem.empty() ? concat(" = ", escaped(value.text)) : " !", "\n");
    return text;
}
