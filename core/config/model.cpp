// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>

namespace offlineimap::core {

namespace {

const Section* find_section(const std::vector<Section>& sections, std::string_view name) noexcept
{
    const auto found = std::ranges::find(sections, name, &Section::name);
    return found == sections.end() ? nullptr : &*found;
}

}  // namespace

const Value* Section::find(std::string_view option) const
{
    const auto found = std::ranges::find(options, option, &Entry::name);
    if (found == options.end()) return nullptr;
    if (const Value& value = found->value; !value.problem.empty())
        throw Error(Errc::config, concat(place(*this, option, value.where), ": ", value.problem));
    return &found->value;
}

bool Section::has(std::string_view option) const noexcept
{
    return std::ranges::find(options, option, &Entry::name) != options.end();
}

void Section::set(std::string_view option, Value value)
{
    const auto found = std::ranges::find(options, option, &Entry::name);
    if (found != options.end())
        found->value = std::move(value);
    else
        options.push_back({std::string(option), std::move(value)});
}

void Section::erase(std::string_view option)
{
    std::erase_if(options, [&](const Entry& entry) { return entry.name == option; });
}

const Section* Config::account(std::string_view name) const noexcept
{
    return find_section(accounts, name);
}

const Section* Config::repository(std::string_view name) const noexcept
{
    return find_section(repositories, name);
}

std::string place(const Section& section, std::string_view option, std::string_view where)
{
    return concat(where, ": [", section.title, "] ", option);
}

}  // namespace offlineimap::core
