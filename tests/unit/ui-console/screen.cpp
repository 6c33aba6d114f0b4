// SPDX-License-Identifier: Apache-2.0
#include "screen.hpp"

#include <algorithm>

namespace offlineimap::console::test {

Screen::Screen(std::string_view bytes)
{
    while (!bytes.empty()) {
        std::size_t used = 1;
        if (bytes.front() == '\033')
            used = escape(bytes);
        else
            put(bytes.front());
        bytes.remove_prefix(used);
    }
}

bool Screen::has_line(std::string_view line) const
{
    return std::find(lines_.begin(), lines_.end(), line) != lines_.end();
}

std::size_t Screen::escape(std::string_view bytes)
{
    if (bytes.starts_with("\033[K")) {
        lines_.back().resize(std::min(column_, lines_.back().size()));
        return 3;
    }
    for (const std::string_view colour : {"\033[0m", "\033[1m", "\033[31m", "\033[33m"}) {
        if (!bytes.starts_with(colour)) continue;
        coloured_ = true;
        return colour.size();
    }
    strange_ += bytes.substr(0, 10);
    return 1;
}

void Screen::put(char c)
{
    if (c == '\r') {
        column_ = 0;
    } else if (c == '\n') {
        lines_.emplace_back();
        column_ = 0;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
        strange_ += c;
    } else {
        std::string& line = lines_.back();
        if (column_ < line.size())
            line[column_] = c;
        else
            line += c;
        ++column_;
    }
}

}  // namespace offlineimap::console::test
