// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

namespace offlineimap::core {

/// Hands everything that happens to the system's log, as "offlineimap[<pid>]: text". One at a time
/// in a process.
class Syslog final : public Ui {
public:
    void start(Control&) override;
    void show(const Event& event) noexcept override;
    void close() noexcept override;
};

}  // namespace offlineimap::core
