// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "journal.hpp"

#include <offlineimap/ui.hpp>

namespace offlineimap::ui_syslog {

/// Everything that happens, for the log of the system and nobody else: to the systemd journal with
/// fields (OFFLINEIMAP_ACCOUNT, _REPOSITORY, _FOLDER, _EVENT) where it runs, else to syslog as
/// "offlineimap[<pid>]: text". The core's -s writes the same lines beside another interface and
/// leaves them to this one where both are asked for.
class SyslogUi final : public Ui {
public:
    explicit SyslogUi(Host& host) : host_(host) { }

    void start(Control& control) override;
    void show(const Event& event) noexcept override;
    void close() noexcept override;

private:
    Host& host_;
    Journal journal_;
    bool has_journal_ = false;
};

}  // namespace offlineimap::ui_syslog
