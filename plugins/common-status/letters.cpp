// SPDX-License-Identifier: Apache-2.0
#include "letters.hpp"

#include <algorithm>
#include <iterator>
#include <strings.h>
#include <utility>

namespace offlineimap::status {
namespace {

constexpr std::pair<Flag, char> standard[] = {
    {Flag::draft, 'D'}, {Flag::flagged, 'F'}, {Flag::answered, 'R'},
    {Flag::seen, 'S'},  {Flag::deleted, 'T'},
};

bool is_lower(char c) noexcept
{
    return c >= 'a' && c <= 'z';
}

std::size_t place(char letter) noexcept
{
    return static_cast<std::size_t>(letter - 'a');
}

}  // namespace

Letters::Letters(const Settings& settings)
{
    std::string option = "customflag_a";
    for (std::string& name : names_) {
        name = settings.text(option);
        ++option.back();
    }
    find_forwarded();
}

Letters::Letters(Names names) : names_(std::move(names))
{
    find_forwarded();
}

/// Where the user gave $Forwarded a letter of its own, the original knows that one and takes P for
/// a stranger.
void Letters::find_forwarded()
{
    for (const std::string& name : names_) {
        any_ = any_ || !name.empty();
        if (forwarded_ == 'P' && strcasecmp(name.c_str(), "$Forwarded") == 0)
            forwarded_ = static_cast<char>('a' + (&name - names_.data()));
    }
}

void Letters::read(std::string_view column, Record& record) const
{
    record.flags = {};
    for (const char c : column) {
        const auto known = std::find_if(std::begin(standard), std::end(standard), [c](auto& entry) {
            return entry.second == c;
        });
        if (known != std::end(standard))
            record.flags.add(known->first);
        else if (c == 'P' || c == forwarded_)
            record.flags.add(Flag::forwarded);
        else if (is_lower(c) && !names_[place(c)].empty())
            record.keywords.push_back(names_[place(c)]);
    }
}

std::string Letters::write(const Record& record) const
{
    std::string column;
    for (const auto& [flag, sign] : standard)
        if (record.flags.has(flag)) column += sign;
    if (record.flags.has(Flag::forwarded)) column += forwarded_;
    if (any_)
        for (const std::string& keyword : record.keywords)
            if (const char sign = letter(keyword)) column += sign;
    std::sort(column.begin(), column.end());
    return column;
}

std::vector<std::string> Letters::without_letter(const Record& record) const
{
    if (!any_) return record.keywords;
    std::vector<std::string> rest;
    std::copy_if(
        record.keywords.begin(), record.keywords.end(), std::back_inserter(rest),
        [this](const std::string& keyword) { return letter(keyword) == 0; });
    return rest;
}

/// 0: none. The letter of $Forwarded stands for the flag, never for a keyword spelt like it.
char Letters::letter(std::string_view keyword) const noexcept
{
    const auto found = std::find(names_.begin(), names_.end(), keyword);
    if (keyword.empty() || found == names_.end()) return 0;
    const auto sign = static_cast<char>('a' + (found - names_.begin()));
    return sign == forwarded_ ? '\0' : sign;
}

}  // namespace offlineimap::status
