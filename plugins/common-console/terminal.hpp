// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace offlineimap::console {

/// What can be done with the terminal behind a descriptor, if there is one.
class Terminal {
public:
    explicit Terminal(int descriptor);

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// A line can be taken back and written anew.
    [[nodiscard]] bool can_rewrite() const noexcept { return rewrite_; }
    [[nodiscard]] bool has_colour() const noexcept { return colour_; }
    /// Now: the window may have another size at the next call.
    [[nodiscard]] std::size_t width() const noexcept;
    /// Our process group has the terminal; false for `offlineimap &`.
    [[nodiscard]] bool is_ours() const noexcept;

private:
    int descriptor_;
    bool rewrite_ = false;
    bool colour_ = false;
};

}  // namespace offlineimap::console
