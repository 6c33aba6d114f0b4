// SPDX-License-Identifier: Apache-2.0
#include "folder_patterns.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <utility>

namespace offlineimap::core {

std::string quoted_pattern(std::string_view text)
{
    return RE2::QuoteMeta({text.data(), text.size()});
}

namespace {

std::string from_glob(std::string_view glob)
{
    std::string expression = "^(?s:";
    for (const char c : glob) {
        if (c == '*')
            expression += "\\C*";  // any bytes, also those that are no UTF-8
        else if (c == '?')
            expression += '.';
        else
            expression += quoted_pattern({&c, 1});
    }
    return expression + ")$";
}

}  // namespace

std::optional<std::string> regular_expression(std::string_view pattern)
{
    if (pattern.size() < 2 || !pattern.starts_with('/') || !pattern.ends_with('/'))
        return std::nullopt;
    return std::string(pattern.substr(1, pattern.size() - 2));
}

std::unique_ptr<RE2> compiled_pattern(const std::string& expression, std::string_view place)
{
    auto result = std::make_unique<RE2>(expression, RE2::Quiet);
    if (result->ok()) return result;
    throw Error(
        Errc::config,
        concat(place, ": regular expression ", in_quotes(expression), ": ", result->error()));
}

struct FolderPatterns::Item {
    bool excludes = false;
    std::unique_ptr<RE2> expression;
};

FolderPatterns::FolderPatterns(const std::vector<std::string>& items, std::string_view place)
{
    for (const std::string_view item : items) {
        const bool excludes = item.starts_with('!');
        const auto pattern = item.substr(excludes ? 1 : 0);
        const auto expression = regular_expression(pattern).value_or(from_glob(pattern));
        items_.push_back({excludes, compiled_pattern(expression, place)});
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

}  // namespace offlineimap::core
