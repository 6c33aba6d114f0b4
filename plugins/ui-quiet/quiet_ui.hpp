// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

namespace offlineimap::ui_quiet {

/// Says what went wrong and nothing else: a line on the standard output for a failure or a warning.
/// There as with the original: scripts look whether it stays empty.
class QuietUi final : public Ui {
public:
    explicit QuietUi(Host& host);

    void show(const Event& event) noexcept override;

private:
    Host& host_;
};

}  // namespace offlineimap::ui_quiet
