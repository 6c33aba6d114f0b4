// SPDX-License-Identifier: Apache-2.0
#include "core_settings.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

namespace offlineimap::core {

void fail(
    const Section& section, std::string_view option, const Settings& settings,
    std::string_view what)
{
    throw Error(Errc::config, concat(place(section, option, settings.where(option)), ": ", what));
}

SectionSettings core_settings(
    const Section& section, SectionKind kind, Syntax syntax, std::span<const Option> also_known,
    Script* script)
{
    SettingsSource source {
        .chain = {&section},
        .syntax = syntax,
        .kind = kind,
        .script = script,
        .also_known = also_known};
    // Plugins read a repository's section, too; what is unknown there only they can tell.
    if (kind == SectionKind::repository) source.unknown_options = UnknownOptions::pass_over;
    return {core_options(kind), source};
}

namespace {

std::vector<std::string> names_of(const std::vector<Section>& sections)
{
    std::vector<std::string> names;
    names.reserve(sections.size());
    for (const auto& section : sections)
        names.push_back(section.name);
    return names;
}

}  // namespace

std::string there_are(std::string_view name, const std::vector<Section>& sections)
{
    const auto names = names_of(sections);
    const auto list = names.empty() ? std::string("none") : join(names, ", ");
    return concat(did_you_mean(name, names), "; there are: ", list);
}

}  // namespace offlineimap::core
