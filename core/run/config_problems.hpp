// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/model.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace offlineimap::core {

/// A sentence each, with file and line.
struct ConfigProblems {
    std::vector<std::string> errors, warnings;

    /// The same thing may come to light in two ways; it is told once.
    void add_error(std::string text) { add(errors, std::move(text)); }
    void add_warning(std::string text) { add(warnings, std::move(text)); }
    void add_error(const Section& section, std::string_view option, std::string_view what)
    {
        add_error(concat(place_of(section, option), ": ", what));
    }
    void add_warning(const Section& section, std::string_view option, std::string_view what)
    {
        add_warning(concat(place_of(section, option), ": ", what));
    }

    /// Does the work; what it throws is an error.
    template <class Work> void attempt(Work work)
    {
        try {
            work();
        } catch (const Error& error) {
            add_error(error.what());
        }
    }
    /// The same where the text of the error says no place.
    template <class Work>
    void attempt_at(const Section& section, std::string_view option, Work work)
    {
        try {
            work();
        } catch (const Error& error) {
            const std::string_view text = error.what();
            add_error(section, option, text.substr(0, text.find("; looked for")));
        }
    }

    /// By their lines in the file.
    void sort()
    {
        for (auto* list : {&errors, &warnings})
            std::ranges::stable_sort(*list, {}, line_of);
    }

private:
    /// Of "config.yaml:12: ..."; what has none comes last.
    static unsigned long line_of(const std::string& text)
    {
        const auto colon = text.find(':');
        const auto line = colon == text.npos ? 0 : std::strtoul(&text[colon + 1], nullptr, 10);
        return line == 0 ? std::numeric_limits<unsigned long>::max() : line;
    }
    static void add(std::vector<std::string>& list, std::string text)
    {
        if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
    }
    static std::string place_of(const Section& section, std::string_view option)
    {
        const auto entry = std::ranges::find(section.options, option, &Entry::name);
        const bool is_set = entry != section.options.end();
        return place(section, option, is_set ? entry->value.where : section.where);
    }
};

/// A section with a few of its options, so that one mistake hides no other.
[[nodiscard]] inline Section
with_only(const Section& section, std::initializer_list<std::string_view> options)
{
    Section result = section;
    std::erase_if(result.options, [&](const Entry& entry) {
        return std::ranges::find(options, entry.name) == options.end();
    });
    return result;
}

}  // namespace offlineimap::core
