// SPDX-License-Identifier: Apache-2.0
#include "terminal.hpp"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace offlineimap::console {
namespace {

constexpr std::size_t usual_width = 80;

std::string_view environment(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

Terminal::Terminal(int descriptor) : descriptor_(descriptor)
{
    const std::string_view type = environment("TERM");
    rewrite_ = ::isatty(descriptor) == 1 && !type.empty() && type != "dumb";
    colour_ = rewrite_ && environment("NO_COLOR").empty();
}

std::size_t Terminal::width() const noexcept
{
    winsize size = {};
    if (::ioctl(descriptor_, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual_width;
    return size.ws_col;
}

bool Terminal::is_ours() const noexcept
{
    const pid_t owner = ::tcgetpgrp(descriptor_);
    return owner < 0 || owner == ::getpgrp();
}

}  // namespace offlineimap::console
