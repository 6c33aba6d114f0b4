// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

namespace offlineimap::ui_quiet {

/// Says what went wrong and nothing else: one line for a failure or a warning, on the error stream.
/// The original writes them to the standard output. Not here: what a program prints there is its
/// result, and a job that throws it away (`> /dev/null`) means the chatter, not the failures. A
/// clean run leaves both streams empty, as with the original.
class QuietUi final : public Ui {
public:
    explicit QuietUi(Host& host);

    void show(const Event& event) noexcept override;

private:
    Host& host_;
};

}  // namespace offlineimap::ui_quiet
