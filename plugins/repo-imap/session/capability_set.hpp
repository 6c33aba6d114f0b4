// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/command_line.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap {

/// What the server says it can do, less what the user told us not to use.
class CapabilitySet {
public:
    CapabilitySet() = default;
    /// `hidden`: names, in any case. `UTF8` stands for `UTF8=ACCEPT` as well, and CONDSTORE for
    /// QRESYNC.
    explicit CapabilitySet(const std::vector<std::string>& hidden);

    /// Replaces what is known by a CAPABILITY list.
    void assign(std::string_view list);
    /// Forgets all, as after STARTTLS.
    void forget() noexcept;
    [[nodiscard]] bool known() const noexcept { return known_; }
    /// Before signing in: whether the list that comes afterwards is a new one.
    void expect_news() noexcept { news_ = false; }
    [[nodiscard]] bool is_news() const noexcept { return news_; }
    /// `name` in upper case.
    [[nodiscard]] bool has(std::string_view name) const noexcept;
    [[nodiscard]] LiteralMode literals() const noexcept;
    /// APPENDLIMIT=n of RFC 7889.
    [[nodiscard]] std::optional<std::uint64_t> append_limit() const;
    /// What follows `prefix` in the names that have it.
    [[nodiscard]] std::vector<std::string> with_prefix(std::string_view prefix) const;
    /// All of them, sorted, with a blank between.
    [[nodiscard]] std::string text() const;

private:
    [[nodiscard]] bool is_hidden(const std::string& name) const;

    std::set<std::string, std::less<>> hidden_, names_;
    bool known_ = false, news_ = false;
};

}  // namespace offlineimap::imap
