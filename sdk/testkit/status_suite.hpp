// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <offlineimap/status.hpp>
#include <span>

namespace offlineimap::testkit {

/// A status plugin under test with an empty state directory of its own.
class StatusBench {
public:
    virtual ~StatusBench() = default;
    /// A new store over the same directory, as another run of the program makes it.
    virtual std::unique_ptr<StatusStore> store() = 0;
};

/// One promise of <offlineimap/status.hpp>. `run` throws Broken when it is not kept. Some start
/// child processes: call them from a program with one thread.
struct StatusCheck {
    const char* name;
    void (*run)(StatusBench&);
};

[[nodiscard]] std::span<const StatusCheck> status_checks();

}  // namespace offlineimap::testkit
