// SPDX-License-Identifier: Apache-2.0
#include "progress_line.hpp"

#include "common-console/printable.hpp"
#include "common-console/units.hpp"

#include <algorithm>
#include <array>

namespace offlineimap::ui_ttyui {
namespace {

constexpr std::string_view gap = "  ";
constexpr std::size_t least_bar = 12;
constexpr std::size_t most_bar = 32;
constexpr std::size_t least_activity = 8;

/// Puts parts in their places as long as there is room for them.
class Layout {
public:
    enum Place : std::size_t { bar, percent, messages, bytes, speed, time_left, activity };

    explicit Layout(std::size_t width) : left_(width) { }

    /// How wide a part put now may be.
    [[nodiscard]] std::size_t room() const noexcept
    {
        const std::size_t taken = empty_ ? 0 : gap.size();
        return left_ > taken ? left_ - taken : 0;
    }

    void put(Place place, std::string text)
    {
        const std::size_t width = console::columns(text);
        if (text.empty() || width > room()) return;
        left_ = room() - width;
        parts_[place] = std::move(text);
        empty_ = false;
    }

    [[nodiscard]] std::string line() const
    {
        std::string line;
        for (const std::string& part : parts_) {
            if (part.empty()) continue;
            if (!line.empty()) line += gap;
            line += part;
        }
        return line;
    }

private:
    std::array<std::string, activity + 1> parts_;
    std::size_t left_;
    bool empty_ = true;
};

std::string bar_text(double share, std::size_t width)
{
    const std::size_t cells = width - 2;
    const auto full = static_cast<std::size_t>(share * static_cast<double>(cells));
    return '[' + std::string(full, '#') + std::string(cells - full, '-') + ']';
}

std::string percent_text(double share)
{
    return std::to_string(static_cast<int>(share * 100)) + '%';
}

std::string message_text(const Counters& counters)
{
    return std::to_string(counters.done) + '/' + std::to_string(counters.total) + " messages";
}

std::string bytes_text(const Counters& counters)
{
    if (counters.bytes_done == 0 && counters.bytes_total == 0) return {};
    // Servers tell sizes no sooner than with the texts.
    if (counters.bytes_total == 0) return console::byte_text(counters.bytes_done);
    return console::byte_text(counters.bytes_done) + " of "
        + console::byte_text(counters.bytes_total);
}

}  // namespace

std::string progress_line(const Progress& progress, std::size_t width)
{
    const Counters& counters = progress.counters;
    if (counters.total == 0 && counters.bytes_total == 0)
        return std::string(console::fitting(progress.activity, width));
    Layout layout(width);
    layout.put(Layout::messages, message_text(counters));
    layout.put(Layout::percent, percent_text(counters.share()));
    if (progress.seconds_left)
        layout.put(Layout::time_left, console::duration_text(*progress.seconds_left) + " left");
    if (progress.bytes_per_second)
        layout.put(Layout::speed, console::byte_text(*progress.bytes_per_second) + "/s");
    layout.put(Layout::bytes, bytes_text(counters));
    if (layout.room() >= least_bar) {
        // The wider half of what is left, so that the other tells what is being done.
        const std::size_t bar = std::clamp(layout.room() / 2, least_bar, most_bar);
        layout.put(Layout::bar, bar_text(counters.share(), bar));
    }
    if (layout.room() >= least_activity)
        layout.put(
            Layout::activity, std::string(console::fitting(progress.activity, layout.room())));
    return layout.line();
}

}  // namespace offlineimap::ui_ttyui
