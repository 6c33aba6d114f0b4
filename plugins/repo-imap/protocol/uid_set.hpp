// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap {

using Uid = std::uint32_t;

struct UidRange {
    Uid first = 0, last = 0;
    friend bool operator==(const UidRange&, const UidRange&) = default;
};

/// Ascending, disjoint ranges of UIDs: what a sequence-set of RFC 3501 says.
class UidSet {
public:
    UidSet() = default;
    /// Any order, duplicates allowed.
    explicit UidSet(std::vector<Uid> uids);
    /// The same of ranges.
    explicit UidSet(std::vector<UidRange> ranges);

    /// At the end in O(1), in the middle by a search and a shift.
    void add(UidRange range);
    void add(Uid uid) { add(UidRange {uid, uid}); }
    /// In one pass over both.
    void add(const UidSet& other);
    [[nodiscard]] bool contains(Uid uid) const noexcept;
    [[nodiscard]] bool empty() const noexcept { return ranges_.empty(); }
    /// How many UIDs.
    [[nodiscard]] std::uint64_t size() const noexcept;
    [[nodiscard]] const std::vector<UidRange>& ranges() const noexcept { return ranges_; }
    /// "1:3,7"
    [[nodiscard]] std::string text() const;
    /// The same set in pieces whose text is at most `limit` characters each.
    [[nodiscard]] std::vector<UidSet> split(std::size_t limit) const;

    friend bool operator==(const UidSet&, const UidSet&) = default;

private:
    void insert_in_the_middle(UidRange range);

    std::vector<UidRange> ranges_;
};

/// Longest text of a set in one command, so that a command stays under the 8 kB that RFC 7162
/// section 4 asks servers to take.
inline constexpr std::size_t max_set_text = 4000;

/// A range in the order the server wrote it, as COPYUID needs it.
[[nodiscard]] std::optional<std::vector<UidRange>> parse_uid_list(std::string_view text);
/// RFC 3501 sequence-set without `*`.
[[nodiscard]] std::optional<UidSet> parse_uid_set(std::string_view text);
/// A decimal UID greater than zero, nothing around it.
[[nodiscard]] std::optional<Uid> parse_uid(std::string_view text) noexcept;

}  // namespace offlineimap::imap
