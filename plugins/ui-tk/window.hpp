// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>

struct Tcl_Interp;

namespace offlineimap::ui_tk {

struct WindowSettings {
    std::string font_family;
    std::int64_t font_size = 8, log_lines = 5, buffer_lines = 500;
    const char* script = "";  ///< of the kind of window
};

/// What the user may do in the window.
struct WindowActions {
    std::function<void(const std::string& account)> sync_now;
    std::function<void()> stop;
    std::function<void(std::string answer)> answer;
    std::function<void()> decline;
    std::function<void()> lose;  ///< the display is gone; this thread does nothing any more
};

/// A Tk window. Everything on the thread that made it: Tcl keeps its state there.
class Window {
public:
    /// Throws config when there is no display.
    Window(const WindowSettings& settings, WindowActions actions);

    /// One procedure of the script, with its arguments.
    void call(std::initializer_list<std::string> words);
    /// Handles what the display has to tell, for at most so long.
    void handle_events(int milliseconds);

private:
    struct Deleter {
        void operator()(Tcl_Interp* interpreter) const noexcept;
    };
    void set(const char* variable, const std::string& value);
    void evaluate(const char* script);

    WindowActions actions_;
    bool gone_ = false;
    std::unique_ptr<Tcl_Interp, Deleter> interpreter_;
};

}  // namespace offlineimap::ui_tk
