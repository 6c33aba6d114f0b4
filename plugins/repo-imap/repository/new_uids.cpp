// SPDX-License-Identifier: Apache-2.0
#include "new_uids.hpp"

#include "protocol/cursor.hpp"

#include <algorithm>
#include <optional>

namespace offlineimap::imap {

namespace {

using Ranges = std::vector<UidRange>;

/// Each as often as it is named.
std::uint64_t count(const Ranges& ranges)
{
    std::uint64_t count = 0;
    for (const auto range : ranges)
        count += std::uint64_t {range.last} - range.first + 1;
    return count;
}

bool is_rising(const Ranges& ranges)
{
    return std::adjacent_find(
               ranges.begin(), ranges.end(),
               [](UidRange a, UidRange b) { return b.first <= a.last; })
        == ranges.end();
}

std::vector<Uid> flat(const Ranges& ranges, std::size_t limit)
{
    std::vector<Uid> uids;
    for (const auto range : ranges)
        for (std::uint64_t uid = range.first; uid <= range.last && uids.size() < limit; ++uid)
            uids.push_back(static_cast<Uid>(uid));
    return uids;
}

std::optional<Ranges> read_uids(Cursor& in)
{
    in.skip_blanks();
    return parse_uid_list(in.word());
}

bool are_paired(const Ranges& from, const Ranges& to)
{
    const auto names = count(from);
    return count(to) == names && UidSet(from).size() == names && UidSet(to).size() == names;
}

}  // namespace

AppendedUids appended_uids(std::string_view arguments, std::size_t messages)
{
    Cursor in(arguments);
    AppendedUids appended {std::string(in.word()), {}};
    const auto uids = read_uids(in);
    if (uids && count(*uids) == messages && is_rising(*uids)) appended.uids = flat(*uids, messages);
    return appended;
}

CopiedUids copied_uids(std::string_view arguments, std::size_t limit)
{
    Cursor in(arguments);
    CopiedUids copied {std::string(in.word()), {}};
    const auto from = read_uids(in);
    const auto to = read_uids(in);
    if (!from || !to || !are_paired(*from, *to)) return copied;
    const auto old_uids = flat(*from, limit);
    const auto new_uids = flat(*to, limit);
    for (std::size_t i = 0; i < old_uids.size(); ++i)
        copied.uids.emplace_back(old_uids[i], new_uids[i]);
    return copied;
}

bool are_believed(
    FolderTable& folders, FolderIndex folder, const std::string& validity,
    std::span<const Uid> uids)
{
    const auto epoch = folders.at(folder).epoch;
    return (epoch.empty() || epoch == validity) && folders.take_new(folder, uids);
}

}  // namespace offlineimap::imap
