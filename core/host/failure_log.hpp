// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

namespace offlineimap::core {

/// One thing that went wrong, as often as it did.
struct Failure {
    std::string account, repository, folder, text;
    Error error;
    std::uint64_t count = 1;
};

struct FailureSummary {
    std::vector<Failure> failures;  ///< in the order they first happened
    std::uint64_t not_listed = 0;   ///< others, of the codes above
    bool empty() const noexcept { return failures.empty(); }
};

/// Remembers what went wrong in a run, for the words at its end and the exit code. Its memory is
/// bounded: of a great many different failures the first thousand are kept, and one of each code.
/// Thread-safe.
class FailureLog {
public:
    /// An event without an error is no failure and passed over.
    void add(const Event& event);
    [[nodiscard]] FailureSummary summary() const;

private:
    using Key = std::tuple<std::string, std::string, std::string, std::string, Errc>;
    bool has_room_for(Errc code) const;

    mutable std::mutex mutex_;
    std::map<Key, std::size_t> index_;
    FailureSummary summary_;
};

}  // namespace offlineimap::core
