// SPDX-License-Identifier: Apache-2.0
#include "test_host.hpp"

#include <algorithm>

namespace offlineimap::testkit {

TestSettings::TestSettings(const Component& component, Values values)
    : component_(component), values_(std::move(values))
{
    for (const auto& [name, value] : values_)
        if (find(name) == nullptr) throw Error(Errc::config, "unknown setting \"" + name + '"');
}

const Option* TestSettings::find(std::string_view name) const noexcept
{
    const Option* end = component_.options + component_.option_count;
    const auto* option = std::find_if(
        component_.options, end, [name](const Option& entry) { return name == entry.name; });
    return option == end ? nullptr : option;
}

std::string TestSettings::value(std::string_view name) const
{
    const Option* option = find(name);
    if (option == nullptr)
        throw Error(Errc::internal, "the setting \"" + std::string(name) + "\" is not declared");
    if (const auto given = values_.find(name); given != values_.end()) return given->second;
    if (option->fallback == nullptr)
        throw Error(Errc::config, "setting \"" + std::string(name) + "\" is required");
    return option->fallback;
}

std::string TestSettings::text(std::string_view name) const
{
    return value(name);
}

std::int64_t TestSettings::number(std::string_view name) const
{
    const std::string digits = value(name);
    return digits.empty() ? 0 : std::stoll(digits);
}

bool TestSettings::flag(std::string_view name) const
{
    const std::string word = value(name);
    return word == "yes" || word == "true" || word == "on" || word == "1";
}

std::vector<std::string> TestSettings::list(std::string_view name) const
{
    const std::string all = value(name);
    std::vector<std::string> items;
    for (std::size_t from = 0; from < all.size();) {
        const auto comma = std::min(all.find(',', from), all.size());
        items.push_back(all.substr(from, comma - from));
        from = comma + 1;
    }
    return items;
}

bool TestSettings::has(std::string_view name) const noexcept
{
    const Option* option = find(name);
    if (option == nullptr) return false;
    if (const auto given = values_.find(name); given != values_.end()) return true;
    return option->fallback != nullptr && *option->fallback != '\0';
}

std::string TestSettings::where(std::string_view name) const
{
    return "test:" + std::string(name);
}

TestHost::TestHost(
    const Component& component, std::filesystem::path state_dir, TestSettings::Values values)
    : settings_(component, std::move(values)), state_dir_(std::move(state_dir))
{
}

void TestHost::log(Level level, std::string_view text) noexcept
{
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(level, text);
}

std::string TestHost::secret(std::string_view option, std::string_view reason, bool fresh)
{
    std::string value = fresh ? std::string() : settings_.text(option);
    if (value.empty())
        throw Error(Errc::auth, std::string(reason) + ": there is no " + std::string(option));
    return value;
}

bool TestHost::confirm(std::string_view /*question*/, bool otherwise)
{
    return otherwise;
}

std::vector<std::string> TestHost::lines(Level level) const
{
    const std::lock_guard lock(mutex_);
    std::vector<std::string> found;
    for (const auto& [line_level, text] : lines_)
        if (line_level >= level) found.push_back(text);
    return found;
}

}  // namespace offlineimap::testkit
