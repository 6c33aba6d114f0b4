// SPDX-License-Identifier: Apache-2.0
#include "flags.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace offlineimap::imap {

namespace {

struct KnownFlag {
    std::string_view name;
    Flag flag;
};

constexpr std::array<KnownFlag, 6> known_flags {{
    {"\\Seen", Flag::seen},
    {"\\Answered", Flag::answered},
    {"\\Flagged", Flag::flagged},
    {"\\Deleted", Flag::deleted},
    {"\\Draft", Flag::draft},
    {"$Forwarded", Flag::forwarded},
}};

}  // namespace

void FlagList::clear() noexcept
{
    flags = {};
    keywords.clear();
    any_keyword = false;
}

void FlagList::add(std::string_view flag)
{
    for (const auto& known : known_flags) {
        if (same_text(known.name, flag)) {
            flags.add(known.flag);
            return;
        }
    }
    if (flag == "\\*")
        any_keyword = true;
    else if (!flag.empty() && flag.front() != '\\')
        keywords.emplace_back(flag);
}

void FlagList::finish()
{
    if (keywords.size() < 2) return;
    std::sort(keywords.begin(), keywords.end());
    keywords.erase(std::unique(keywords.begin(), keywords.end()), keywords.end());
}

std::string flag_text(Set<Flag> flags, const std::vector<std::string>& keywords)
{
    std::string text;
    const auto put = [&text](std::string_view name) {
        if (!text.empty()) text += ' ';
        text += name;
    };
    for (const auto& known : known_flags)
        if (flags.has(known.flag)) put(known.name);
    for (const auto& keyword : keywords)
        if (is_atom(keyword)) put(keyword);
    return text;
}

}  // namespace offlineimap::imap
