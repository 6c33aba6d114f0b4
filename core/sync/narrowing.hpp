// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace offlineimap::sync {

/// Finds the message at which the connection ends each time. Some servers close the connection
/// instead of refusing a message that they cannot read (Dovecot, when a file is not of the size
/// that it remembers) or do not like; that one message would keep all that come after it from
/// coming.
class Narrowing {
public:
    /// What to ask for next, out of what is still wanted: at most `most` from its front, or less
    /// where the connection was lost.
    [[nodiscard]] std::vector<std::size_t>
    slice(const std::vector<std::size_t>& wanted, std::size_t most) const;

    /// All of a slice was answered.
    void passed() noexcept;

    enum class Verdict : std::uint8_t { try_again, narrower, give_up };
    /// The connection ended in the middle of a slice of `count` messages. `open`: the one that was
    /// under way. give_up: it was the only one that was asked for, and not for the first time.
    [[nodiscard]] Verdict cut(std::size_t count, std::optional<std::size_t> open);

private:
    std::optional<std::size_t> suspect_;  ///< was under way when the connection ended
    std::optional<std::size_t> only_;     ///< is asked for alone
    std::size_t limit_ = 0;               ///< of a slice; 0 = none
    int silent_ = 0;                      ///< cuts before a message came
    int given_up_ = 0;
};

}  // namespace offlineimap::sync
