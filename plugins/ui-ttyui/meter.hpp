// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace offlineimap::ui_ttyui {

/// How far a run is; a total of 0 is not known.
struct Counters {
    std::uint64_t done = 0, total = 0;
    std::uint64_t bytes_done = 0, bytes_total = 0;

    Counters& operator+=(const Counters& more) noexcept;
    /// 0 to 1: by bytes where they are known, else by messages.
    [[nodiscard]] double share() const noexcept;
};

/// Speed and time left, smoothed over some seconds. Takes the time from outside.
class Meter {
public:
    using Time = std::chrono::system_clock::time_point;

    /// Counters that run backwards begin a new measurement.
    void update(const Counters& counters, Time now);
    void reset() noexcept { *this = Meter(); }

    /// Nothing during the first second.
    [[nodiscard]] std::optional<std::uint64_t> bytes_per_second() const noexcept;
    [[nodiscard]] std::optional<std::uint64_t> seconds_left() const noexcept;

private:
    void smooth(double seconds, const Counters& counters) noexcept;

    Counters last_;
    std::optional<Time> last_time_;
    double measured_ = 0;              ///< seconds
    double bytes_ = 0, messages_ = 0;  ///< a second
};

}  // namespace offlineimap::ui_ttyui
