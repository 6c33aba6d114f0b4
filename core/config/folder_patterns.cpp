// SPDX-License-Identifier: Apache-2.0
#include "folder_patterns.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace offlineimap::core {

namespace {

std::unique_ptr<RE2> compiled(const std::string& expression, std::string_view place)
{
    auto result = std::make_unique<RE2>(expression, RE2::Quiet);
    if (result->ok()) return result;
    throw Error(
        Errc::config,
        concat(place, ": regular expression ", in_quotes(expression), ": ", result->error()));
}

std::string from_glob(std::string_view glob)
{
    std::string expression = "^(?s:";
    for (const char c : glob) {
        if (c == '*')
            expression += ".*";
        else if (c == '?')
            expression += '.';
        else
            expression += RE2::QuoteMeta({&c, 1});
    }
    return expression + ")$";
}

}  // namespace

struct FolderPatterns::Item {
    bool excludes = false;
    std::unique_ptr<RE2> expression;
};

FolderPatterns::FolderPatterns(const std::vector<std::string>& items, std::string_view place)
{
    for (const std::string_view item : items) {
        const bool excludes = item.starts_with('!');
        const auto pattern = item.substr(excludes ? 1 : 0);
        const bool regular =
            pattern.size() > 1 && pattern.starts_with('/') && pattern.ends_with('/');
        const auto expression =
            regular ? std::string(pattern.substr(1, pattern.size() - 2)) : from_glob(pattern);
        items_.push_back({excludes, compiled(expression, place)});
    }
}

FolderPatterns::FolderPatterns(FolderPatterns&&) noexcept = default;
FolderPatterns& FolderPatterns::operator=(FolderPatterns&&) noexcept = default;
FolderPatterns::~FolderPatterns() = default;

bool FolderPatterns::matches(std::string_view name) const
{
    const re2::StringPiece piece(name.data(), name.size());
    const auto last = std::find_if(items_.rbegin(), items_.rend(), [&](const Item& item) {
        return RE2::PartialMatch(piece, *item.expression);
    });
    if (last != items_.rend()) return !last->excludes;
    return !items_.empty() && items_.front().excludes;
}

struct FolderRenames::Item {
    bool everywhere = false;
    std::unique_ptr<RE2> expression;
    std::string replacement;
};

FolderRenames::FolderRenames(const std::vector<std::string>& items, std::string_view place)
{
    for (const auto& item : items) {
        const auto parts = item.size() > 1 ? split(item, item[1]) : split(item, '/');
        const bool well_formed =
            parts.size() == 4 && parts[0] == "s" && (parts[3].empty() || parts[3] == "g");
        if (!well_formed)
            throw Error(
                Errc::config,
                concat(place, ": expected \"s/expression/replacement/\", found ", in_quotes(item)));
        auto expression = compiled(std::string(parts[1]), place);
        std::string problem;
        if (!expression->CheckRewriteString(std::string(parts[2]), &problem))
            throw Error(Errc::config, concat(place, ": ", in_quotes(item), ": ", lower(problem)));
        items_.push_back({parts[3] == "g", std::move(expression), std::string(parts[2])});
    }
}

FolderRenames::FolderRenames(FolderRenames&&) noexcept = default;
FolderRenames& FolderRenames::operator=(FolderRenames&&) noexcept = default;
FolderRenames::~FolderRenames() = default;

std::string FolderRenames::renamed(std::string name) const
{
    for (const auto& [everywhere, expression, replacement] : items_) {
        if (everywhere)
            RE2::GlobalReplace(&name, *expression, replacement);
        else
            RE2::Replace(&name, *expression, replacement);
    }
    return name;
}

}  // namespace offlineimap::core
