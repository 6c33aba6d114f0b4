// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-console/ticker.hpp"
#include "screen.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <offlineimap/ui.hpp>

namespace offlineimap::ui_blinkenlights {

/// The original's Curses.Blinkenlights: a banner, the log in the colours of the workers, and for
/// each account a row of lights with its countdown. A digit synchronises that account now, q ends
/// the program as SIGTERM does. What went wrong is said again on the error stream once the terminal
/// is as it was.
class Blinkenlights final : public Ui {
public:
    explicit Blinkenlights(Host& host);

    bool usable() const noexcept override;
    void start(Control& control) override;
    void show(const Event& event) noexcept override;
    std::optional<std::string> ask(const Question& question) override;
    void close() noexcept override;
    /// A light for each message that is copied.
    void* facet(std::string_view name) noexcept override;

private:
    struct Line {
        std::string text;
        lights::Colour colour;
    };
    void tick() noexcept;
    void take_key(int key);
    void remember(const Event& event);
    void draw();
    void draw_log(std::size_t first_row, std::size_t rows);
    void draw_account(std::size_t row, std::size_t number, const lights::Account& account);
    void draw_control(std::size_t row);

    Host& host_;
    Control* control_ = nullptr;
    std::string light_;
    std::mutex mutex_;  ///< the ticker reads keys and draws
    std::unique_ptr<CursesScreen> screen_;
    lights::Board board_;
    std::deque<Line> log_;
    std::string problems_;  ///< for the end
    console::Ticker ticker_;
};

}  // namespace offlineimap::ui_blinkenlights
