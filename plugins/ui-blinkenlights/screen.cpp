// SPDX-License-Identifier: Apache-2.0
#include "screen.hpp"

#include "common-console/printable.hpp"
#include "common-console/terminal.hpp"

#include <clocale>
#define NCURSES_NOMACROS  // functions, which have a namespace
#include <curses.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

// <term.h> has it, and macros named `columns` and `lines`.
extern "C" int tputs(const char* text, int lines, int (*put)(int));

namespace offlineimap::ui_blinkenlights {
namespace {

constexpr short banner_pair = 20;
const char* const no_text = reinterpret_cast<const char*>(-1);  // tigetstr(): not such a thing

short pair_of(lights::Colour colour)
{
    return static_cast<short>(1 + static_cast<int>(colour));
}

void define_colours()
{
    using lights::Colour;
    constexpr std::pair<Colour, short> pairs[] = {
        {Colour::black, COLOR_BLACK},   {Colour::red, COLOR_RED},
        {Colour::gray, COLOR_WHITE},    {Colour::purple, COLOR_MAGENTA},
        {Colour::cyan, COLOR_CYAN},     {Colour::green, COLOR_GREEN},
        {Colour::blue, COLOR_BLUE},     {Colour::orange, COLOR_YELLOW},
        {Colour::yellow, COLOR_YELLOW}, {Colour::pink, COLOR_RED}};
    ::start_color();
    const short background = ::use_default_colors() == OK ? -1 : COLOR_BLACK;
    for (const auto& [colour, number] : pairs)
        ::init_pair(pair_of(colour), number, background);
    ::init_pair(banner_pair, COLOR_WHITE, COLOR_BLUE);
}

/// The eight colours of a terminal, brighter for those that the manual calls so; black is seen as
/// a dark gray where the background is black as well.
attr_t brightness(lights::Colour colour)
{
    switch (colour) {
    case lights::Colour::yellow:
    case lights::Colour::pink:
    case lights::Colour::black:
        return A_BOLD;
    default:
        return A_NORMAL;
    }
}

/// What curses would write at its end.
std::string farewell()
{
    static std::string bytes;  // tputs() has no other way to hand them over
    bytes.clear();
    char own_colours[] = "sgr0", cursor[] = "cnorm", keypad[] = "rmkx", screen[] = "rmcup";
    for (char* name : {own_colours, screen, cursor, keypad})
        if (const char* text = ::tigetstr(name); text != nullptr && text != no_text)
            ::tputs(text, 1, [](int c) {
                bytes += static_cast<char>(c);
                return c;
            });
    return bytes;
}

int as_int(std::size_t number)
{
    return static_cast<int>(number);
}

}  // namespace

CursesScreen::CursesScreen()
{
    std::setlocale(LC_CTYPE, "");  // how wide a character is
    rescue_ = std::make_unique<console::TerminalRescue>(STDIN_FILENO, "");
    SCREEN* const screen = ::newterm(nullptr, stdout, stdin);
    if (screen == nullptr) {
        rescue_.reset();
        return;
    }
    screen_ = screen;
    rescue_->farewell(farewell());
    ::cbreak();
    ::noecho();
    ::nodelay(stdscr, TRUE);
    ::keypad(stdscr, TRUE);
    ::curs_set(0);
    colours_ = ::has_colors() && console::Terminal(STDOUT_FILENO).has_colour();
    if (colours_) define_colours();
}

void CursesScreen::leave() noexcept
{
    if (screen_ == nullptr) return;
    ::endwin();
    ::delscreen(static_cast<SCREEN*>(std::exchange(screen_, nullptr)));
    rescue_.reset();
}

std::size_t CursesScreen::rows() const noexcept
{
    return static_cast<std::size_t>(std::max(1, getmaxy(stdscr)));
}

std::size_t CursesScreen::columns() const noexcept
{
    return static_cast<std::size_t>(std::max(1, getmaxx(stdscr)));
}

void CursesScreen::fit()
{
    winsize size = {};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return;
    if (::is_term_resized(size.ws_row, size.ws_col)) ::resizeterm(size.ws_row, size.ws_col);
}

void CursesScreen::clear()
{
    ::erase();
}

void CursesScreen::put_banner(std::string_view left, std::string_view right)
{
    const attr_t attributes =
        colours_ ? A_BOLD | static_cast<attr_t>(COLOR_PAIR(banner_pair)) : A_REVERSE;
    const auto width = columns();
    std::string line(console::fitting(left, width));
    const auto used = console::columns(line);
    const auto wanted = console::columns(right);
    line.append(used + wanted < width ? width - used - wanted : width - used, ' ');
    if (used + wanted < width) line += right;
    ::attrset(static_cast<int>(attributes));
    ::mvaddnstr(0, 0, line.c_str(), as_int(line.size()));
    ::attrset(A_NORMAL);
}

std::size_t
CursesScreen::put(std::size_t row, std::size_t column, std::string_view text, lights::Colour colour)
{
    if (row >= rows() || column >= columns()) return column;
    const auto visible = console::fitting(text, columns() - column);
    const attr_t attributes =
        colours_ ? brightness(colour) | static_cast<attr_t>(COLOR_PAIR(pair_of(colour))) : A_NORMAL;
    ::attrset(static_cast<int>(attributes));
    ::mvaddnstr(as_int(row), as_int(column), visible.data(), as_int(visible.size()));
    ::attrset(A_NORMAL);
    return column + console::columns(visible);
}

void CursesScreen::refresh(std::size_t cursor_row, std::size_t cursor_column)
{
    ::move(
        as_int(std::min(cursor_row, rows() - 1)), as_int(std::min(cursor_column, columns() - 1)));
    ::refresh();
}

int CursesScreen::key() const noexcept
{
    const int key = ::getch();
    return key == ERR ? -1 : key;
}

}  // namespace offlineimap::ui_blinkenlights
