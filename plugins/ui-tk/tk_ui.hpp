// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-lights/lights.hpp"
#include "window.hpp"

#include <atomic>
#include <deque>
#include <mutex>
#include <offlineimap/ui.hpp>
#include <thread>

namespace offlineimap::ui_tk {

/// What both windows do: a thread of its own has the window, looks ten times a second at what
/// happened, and ends with close(). Closing the window stops the program as SIGTERM does. What went
/// wrong is said again on the error stream: the window is gone by then.
class TkUi final {
public:
    TkUi(Host& host, const char* script);
    ~TkUi() { close(); }
    TkUi(const TkUi&) = delete;
    TkUi& operator=(const TkUi&) = delete;

    [[nodiscard]] static bool usable() noexcept;
    void start(Control& control);
    void show(const Event& event) noexcept;
    std::optional<std::string> ask(const Question& question);
    void close() noexcept;

private:
    struct Line {
        std::string text;
        lights::Colour colour;
    };
    struct Asked {
        std::string text;
        bool hidden = false, yes_no = false;
        bool shown = false, over = false;
    };

    void run(std::exception_ptr& failed, int ready);
    WindowActions actions();
    void update(Window& window);
    void update_lights(Window& window);
    void update_question(Window& window);
    void end_question(std::optional<std::string> answer);

    Host& host_;
    WindowSettings settings_;
    Control* control_ = nullptr;
    std::thread thread_;
    std::atomic<bool> closing_ = false, ended_ = false;
    std::atomic<bool> lost_ = false;  ///< the display is gone, and the thread with it
    std::mutex mutex_;                ///< for the rest
    lights::Board board_;
    std::map<std::uint32_t, lights::Light> drawn_;  ///< of the window's thread alone
    std::string countdown_;                         ///< likewise
    std::deque<Line> lines_;                        ///< not in the window yet
    std::optional<Asked> asked_;  ///< until the window has taken the question away
    std::optional<std::string> answer_;
    int answered_ = -1;  ///< an eventfd: ask() waits in a system call that a signal can end
    std::string problems_;
};

/// The interface; the part above is the same for both.
template <const char* const& script> class TkInterface final : public Ui {
public:
    explicit TkInterface(Host& host) : ui_(host, script) { }
    bool usable() const noexcept override { return TkUi::usable(); }
    void start(Control& control) override { ui_.start(control); }
    void show(const Event& event) noexcept override { ui_.show(event); }
    std::optional<std::string> ask(const Question& question) override { return ui_.ask(question); }
    void close() noexcept override { ui_.close(); }

private:
    TkUi ui_;
};

}  // namespace offlineimap::ui_tk

#include "scripts.hpp"

namespace offlineimap::ui_tk {
using TkBlinkenlights = TkInterface<lights_script>;
using TkVerbose = TkInterface<verbose_script>;
}  // namespace offlineimap::ui_tk
