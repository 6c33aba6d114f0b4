// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-console/terminal_rescue.hpp"
#include "common-lights/lights.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace offlineimap::ui_blinkenlights {

/// The terminal under curses: on from the constructor to leave(). One thread at a time, and one in
/// a process.
class CursesScreen {
public:
    CursesScreen();
    CursesScreen(const CursesScreen&) = delete;
    CursesScreen& operator=(const CursesScreen&) = delete;
    ~CursesScreen() { leave(); }

    /// False: curses could not take the terminal.
    [[nodiscard]] bool is_on() const noexcept { return screen_ != nullptr; }
    /// The terminal as it was found.
    void leave() noexcept;

    [[nodiscard]] std::size_t rows() const noexcept;
    [[nodiscard]] std::size_t columns() const noexcept;
    /// Takes over the window's present size.
    void fit();
    void clear();
    void put_banner(std::string_view left, std::string_view right);
    /// Printable text from a column on, cut at the edge. Returns the column behind it.
    std::size_t put(std::size_t row, std::size_t column, std::string_view text, lights::Colour);
    void refresh(std::size_t cursor_row, std::size_t cursor_column);
    /// The key that waits; -1: none.
    [[nodiscard]] int key() const noexcept;

private:
    std::unique_ptr<console::TerminalRescue> rescue_;
    void* screen_ = nullptr;  ///< curses' own
    bool colours_ = false;
};

}  // namespace offlineimap::ui_blinkenlights
