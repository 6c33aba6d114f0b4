// SPDX-License-Identifier: Apache-2.0
#include "uid_set.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

namespace offlineimap::imap {

namespace {

std::string range_text(UidRange range)
{
    auto text = std::to_string(range.first);
    if (range.last != range.first) text += ':' + std::to_string(range.last);
    return text;
}

std::optional<UidRange> parse_range(std::string_view text)
{
    const auto colon = text.find(':');
    const auto first = parse_uid(text.substr(0, colon));
    const auto last = colon == std::string_view::npos ? first : parse_uid(text.substr(colon + 1));
    if (!first || !last) return std::nullopt;
    return UidRange {std::min(*first, *last), std::max(*first, *last)};
}

bool begins_before(UidRange a, UidRange b) noexcept
{
    return a.first < b.first;
}

}  // namespace

UidSet::UidSet(std::vector<Uid> uids)
{
    std::sort(uids.begin(), uids.end());
    std::size_t count = 0;
    for (std::size_t i = 0; i < uids.size(); ++i)
        if (i == 0 || uids[i] - uids[i - 1] > 1) ++count;
    ranges_.reserve(count);  // of millions none is moved
    for (const Uid uid : uids)
        add(uid);
}

UidSet::UidSet(std::vector<UidRange> ranges) : ranges_(std::move(ranges))
{
    std::sort(ranges_.begin(), ranges_.end(), begins_before);
    std::size_t last = 0;
    for (std::size_t i = 1; i < ranges_.size(); ++i) {
        if (ranges_[i].first <= ranges_[last].last + std::uint64_t {1})
            ranges_[last].last = std::max(ranges_[last].last, ranges_[i].last);
        else
            ranges_[++last] = ranges_[i];
    }
    if (!ranges_.empty()) ranges_.resize(last + 1);
}

void UidSet::add(UidRange range)
{
    if (ranges_.empty() || range.first > ranges_.back().last) {
        if (!ranges_.empty() && range.first - ranges_.back().last == 1)
            ranges_.back().last = range.last;
        else
            ranges_.push_back(range);
        return;
    }
    if (range.first >= ranges_.back().first) {
        ranges_.back().last = std::max(ranges_.back().last, range.last);
        return;
    }
    insert_in_the_middle(range);
}

void UidSet::insert_in_the_middle(UidRange range)
{
    // Neighbours that touch the new range melt into it; 64 bits, so that no end overflows.
    const auto touches_from = [](UidRange r, std::uint64_t first) { return r.last + 1ULL < first; };
    const auto begin =
        std::lower_bound(ranges_.begin(), ranges_.end(), std::uint64_t {range.first}, touches_from);
    auto end = begin;
    for (; end != ranges_.end() && end->first <= range.last + 1ULL; ++end) {
        range.first = std::min(range.first, end->first);
        range.last = std::max(range.last, end->last);
    }
    ranges_.insert(ranges_.erase(begin, end), range);
}

void UidSet::add(const UidSet& other)
{
    if (ranges_.empty() || other.empty() || other.ranges_.front().first > ranges_.back().last) {
        for (const UidRange range : other.ranges_)
            add(range);
        return;
    }
    std::vector<UidRange> all;
    all.reserve(ranges_.size() + other.ranges_.size());
    std::merge(
        ranges_.begin(), ranges_.end(), other.ranges_.begin(), other.ranges_.end(),
        std::back_inserter(all), begins_before);
    ranges_.clear();
    for (const UidRange range : all)
        add(range);
}

bool UidSet::contains(Uid uid) const noexcept
{
    const auto at = std::lower_bound(
        ranges_.begin(), ranges_.end(), uid, [](UidRange r, Uid u) { return r.last < u; });
    return at != ranges_.end() && at->first <= uid;
}

std::uint64_t UidSet::size() const noexcept
{
    std::uint64_t count = 0;
    for (const UidRange range : ranges_)
        count += std::uint64_t {range.last} - range.first + 1;
    return count;
}

std::string UidSet::text() const
{
    std::string text;
    for (const UidRange range : ranges_) {
        if (!text.empty()) text += ',';
        text += range_text(range);
    }
    return text;
}

std::vector<UidSet> UidSet::split(std::size_t limit) const
{
    std::vector<UidSet> pieces;
    std::size_t used = limit;
    for (const UidRange range : ranges_) {
        const std::size_t length = range_text(range).size() + 1;
        if (used + length > limit + 1 || pieces.empty()) {
            pieces.emplace_back();
            used = 0;
        }
        pieces.back().ranges_.push_back(range);
        used += length;
    }
    return pieces;
}

std::optional<Uid> parse_uid(std::string_view text) noexcept
{
    Uid uid = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), uid);
    if (error != std::errc {} || end != text.data() + text.size() || uid == 0) return std::nullopt;
    return uid;
}

std::optional<std::vector<UidRange>> parse_uid_list(std::string_view text)
{
    std::vector<UidRange> list;
    list.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) + 1);
    while (true) {
        const auto comma = text.find(',');
        const auto range = parse_range(text.substr(0, comma));
        if (!range) return std::nullopt;
        list.push_back(*range);
        if (comma == std::string_view::npos) return list;
        text.remove_prefix(comma + 1);
    }
}

std::optional<UidSet> parse_uid_set(std::string_view text)
{
    auto list = parse_uid_list(text);
    if (!list) return std::nullopt;
    return UidSet(std::move(*list));
}

}  // namespace offlineimap::imap
