// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/known_options.hpp"
#include "repo-imap/repository/options.hpp"
#include "repo-maildir/option_table.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace offlineimap::core {

/// An option of the original, and the kind of section that it stands in.
struct Original {
    std::string kind, option;
};

inline std::vector<Original> read_original()
{
    std::ifstream file(TEST_DATA "/options/original.txt");
    std::vector<Original> list;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        const auto blank = line.find(' ');
        list.push_back({line.substr(0, blank), line.substr(blank + 1)});
    }
    return list;
}

/// All the names that may stand in a section of that kind.
inline std::vector<std::string> known(const std::string& kind)
{
    if (kind == "general") return known_names(SectionKind::general);
    if (kind == "mbnames") return known_names(SectionKind::mbnames);
    if (kind == "account") return known_names(SectionKind::account);
    if (kind == "maildir") return known_names(SectionKind::repository, maildir::option_table);
    if (kind == "gmail")
        return known_names(SectionKind::repository, std::span(imap::gmail_options.list));
    auto names = known_names(SectionKind::repository, imap::imap_options);
    if (kind == "repository") std::ranges::move(known("maildir"), std::back_inserter(names));
    return names;
}

}  // namespace offlineimap::core
