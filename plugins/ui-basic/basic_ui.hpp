// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

namespace offlineimap::ui_basic {

/// One line on the standard output for everything that happens, for a log or a pipe. Asks nothing.
class BasicUi final : public Ui {
public:
    explicit BasicUi(Host& host);

    void show(const Event& event) noexcept override;

private:
    Host& host_;
};

}  // namespace offlineimap::ui_basic
