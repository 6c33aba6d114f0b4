// SPDX-License-Identifier: Apache-2.0
#include "meter.hpp"

#include <algorithm>
#include <cmath>

namespace offlineimap::ui_ttyui {
namespace {

constexpr double smoothing_seconds = 5;
constexpr double shortest_step = 0.2;
constexpr double fastest = 9e18;
constexpr double longest_guess = 100 * 3600.0;

double difference(std::uint64_t now, std::uint64_t before) noexcept
{
    return static_cast<double>(now - before);
}

/// In floating point, as the ends of time are too far apart for the clock's own numbers.
double seconds_between(Meter::Time from, Meter::Time to) noexcept
{
    using Seconds = std::chrono::duration<double>;
    return (Seconds(to.time_since_epoch()) - Seconds(from.time_since_epoch())).count();
}

double left(std::uint64_t total, std::uint64_t done) noexcept
{
    return total > done ? difference(total, done) : 0;
}

}  // namespace

Counters& Counters::operator+=(const Counters& more) noexcept
{
    done += more.done;
    total += more.total;
    bytes_done += more.bytes_done;
    bytes_total += more.bytes_total;
    return *this;
}

double Counters::share() const noexcept
{
    const auto part = [](std::uint64_t some, std::uint64_t all) {
        return std::min(1.0, static_cast<double>(some) / static_cast<double>(all));
    };
    if (bytes_total > 0) return part(bytes_done, bytes_total);
    return total > 0 ? part(done, total) : 0;
}

void Meter::update(const Counters& counters, Time now)
{
    const bool backwards = counters.done < last_.done || counters.bytes_done < last_.bytes_done;
    if (!last_time_ || backwards || now < *last_time_) {
        reset();
        last_time_ = now;
        last_ = counters;
        return;
    }
    const double seconds = seconds_between(*last_time_, now);
    if (seconds >= shortest_step) {
        smooth(seconds, counters);
        last_time_ = now;
        last_ = counters;
    } else {
        last_.total = counters.total;
        last_.bytes_total = counters.bytes_total;
    }
}

/// The first step counts in full, later ones the more the longer they took.
void Meter::smooth(double seconds, const Counters& counters) noexcept
{
    const double weight = measured_ > 0 ? 1 - std::exp(-seconds / smoothing_seconds) : 1;
    const auto mix = [&](double& rate, std::uint64_t now, std::uint64_t before) {
        rate += weight * (difference(now, before) / seconds - rate);
    };
    mix(bytes_, counters.bytes_done, last_.bytes_done);
    mix(messages_, counters.done, last_.done);
    measured_ += seconds;
}

std::optional<std::uint64_t> Meter::bytes_per_second() const noexcept
{
    if (measured_ < 1 || bytes_ < 1) return std::nullopt;
    return static_cast<std::uint64_t>(std::min(bytes_, fastest));
}

std::optional<std::uint64_t> Meter::seconds_left() const noexcept
{
    const bool by_bytes = last_.bytes_total > 0;
    const double rest =
        by_bytes ? left(last_.bytes_total, last_.bytes_done) : left(last_.total, last_.done);
    const double rate = by_bytes ? bytes_ : messages_;
    if (measured_ < 1 || rate <= 0 || rest > rate * longest_guess) return std::nullopt;
    return static_cast<std::uint64_t>(std::ceil(rest / rate));
}

}  // namespace offlineimap::ui_ttyui
