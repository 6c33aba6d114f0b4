// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <offlineimap/ui.hpp>
#include <span>

namespace offlineimap::testkit {

/// A user interface under test.
class UiBench {
public:
    virtual ~UiBench() = default;
    /// Called in a child process of its own, with the streams and the terminal of the check.
    virtual std::unique_ptr<Ui> ui() = 0;
};

/// One promise of <offlineimap/ui.hpp>. `run` throws Broken when it is not kept. Each plays events
/// in child processes: call it from a program with one thread. An interface that says it is not
/// usable where a check puts it keeps its promise there.
struct UiCheck {
    const char* name;
    void (*run)(UiBench&);
};

[[nodiscard]] std::span<const UiCheck> ui_checks();

}  // namespace offlineimap::testkit
