// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <offlineimap/plugin.hpp>

namespace offlineimap::testkit {

/// Thread-safe.
class TestCancel final : public Cancel {
public:
    TestCancel();
    TestCancel(const TestCancel&) = delete;
    TestCancel& operator=(const TestCancel&) = delete;
    ~TestCancel();

    bool requested() const noexcept override { return requested_; }
    int fd() const noexcept override { return fd_; }
    void request() noexcept;

private:
    std::atomic<bool> requested_ = false;
    int fd_;
};

}  // namespace offlineimap::testkit
