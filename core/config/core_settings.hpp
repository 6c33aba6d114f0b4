// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "settings.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the readers of the core's own options share.

namespace offlineimap::core {

/// The core's own options of a section.
[[nodiscard]] SectionSettings core_settings(
    const Section& section, SectionKind kind, Syntax syntax,
    std::span<const Option> also_known = {}, Script* script = nullptr);

/// Throws config: what is wrong with an option of the section.
[[noreturn]] void fail(
    const Section& section, std::string_view option, const Settings& settings,
    std::string_view what);

/// The end of an error about a name: what it may be meant to be, and what there is.
[[nodiscard]] std::string there_are(std::string_view name, const std::vector<Section>& sections);

}  // namespace offlineimap::core
