// SPDX-License-Identifier: Apache-2.0
#include "rc.hpp"

#include "interpolation.hpp"
#include "overrides.hpp"
#include "rc_syntax.hpp"
#include "text_file.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <utility>
#include <vector>

namespace offlineimap::core {

namespace {

void override_options(RcFile& file, std::span<const std::string> options)
{
    std::vector<Section*> sections;
    for (auto& section : file.sections)
        sections.push_back(&section);
    sections.push_back(&file.defaults);
    apply_options(options, sections);
}

Section named(Section section, std::string_view name)
{
    section.name = name;
    return section;
}

void warn_of_section(const Section& section, Config& config)
{
    const std::vector<std::string> known {"general", "mbnames", "Account", "Repository"};
    const auto first_word = split(section.title, ' ').front();
    if (const auto hint = did_you_mean(first_word, known); !hint.empty())
        config.warnings.push_back(
            concat(section.where, ": section [", section.title, "] is not used", hint));
}

/// Puts a section where the model has it. The original passes over sections that it does not know;
/// people keep values there for others to refer to.
void place_section(Section section, Config& config)
{
    constexpr std::string_view account = "Account ", repository = "Repository ";
    const std::string title = section.title;
    const std::string_view view = title;
    if (title == "general")
        config.general = std::move(section);
    else if (title == "mbnames")
        config.mbnames = std::move(section);
    else if (view.starts_with("ui."))
        config.interfaces.push_back(std::move(section));
    else if (view.starts_with(account))
        config.accounts.push_back(named(std::move(section), view.substr(account.size())));
    else if (view.starts_with(repository))
        config.repositories.push_back(named(std::move(section), view.substr(repository.size())));
    else
        warn_of_section(section, config);
}

}  // namespace

Config read_rc(const std::filesystem::path& path, std::span<const std::string> options)
{
    const auto name = path.filename().string();
    auto file = parse_rc(read_text_file(path), name);
    override_options(file, options);
    Config config;
    config.path = path;
    for (const auto& section : file.sections)
        place_section(interpolated(section, file.defaults), config);
    if (config.general.title.empty())
        throw Error(Errc::config, concat(name, ": there is no section [general]"));
    return config;
}

}  // namespace offlineimap::core
