// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-console/terminal.hpp"
#include "common-console/ticker.hpp"
#include "meter.hpp"
#include "progress_line.hpp"

#include <map>
#include <mutex>
#include <offlineimap/ui.hpp>
#include <string>
#include <vector>

namespace offlineimap::ui_ttyui {

/// For a person: lines on the error stream about what was done, and, on a terminal that can, one
/// line at the bottom that tells how far it is. Where the error stream is a file or a pipe, lines
/// alone. The cursor stays visible and no mode of the terminal is changed, so a process that is
/// killed leaves nothing to repair.
class TtyUi final : public Ui {
public:
    explicit TtyUi(Host& host);

    void start(Control& control) override;
    void show(const Event& event) noexcept override;
    std::optional<std::string> ask(const Question& question) override;
    void close() noexcept override;

private:
    void follow(const Event& event);
    void follow_sleep(const Event& event);
    void count_down() noexcept;
    void end_account();
    void print(const Event& event);
    [[nodiscard]] bool wants_line(const Event& event) const noexcept;
    [[nodiscard]] std::string painted(const Event& event) const;
    [[nodiscard]] Progress progress() const;
    void draw();
    void erase();
    void flush() noexcept;

    using Clock = std::chrono::steady_clock;

    Host& host_;
    std::mutex mutex_;  ///< the countdown is drawn on a thread of its own
    Control* control_ = nullptr;
    console::Terminal terminal_;
    std::string output_;   ///< written as one, so that a line does not flicker
    std::string drawn_;    ///< the line at the bottom
    std::string heading_;  ///< the account that the lines above belong to
    std::string activity_;
    std::map<std::string, Counters, std::less<>> accounts_;
    std::size_t running_ = 0;  ///< accounts
    Meter meter_;
    std::optional<Clock::time_point> wakes_;
    console::Ticker ticker_;
};

}  // namespace offlineimap::ui_ttyui
