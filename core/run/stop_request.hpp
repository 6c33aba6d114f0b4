// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/host/cancel.hpp"
#include "core/sync/stop_signs.hpp"

#include <mutex>

namespace offlineimap::core {

/// The user's wish that the program ends. Thread-safe.
class StopRequest final : public sync::StopSigns {
public:
    /// When what is at hand is finished; at once, when nothing is.
    void request_soon() noexcept;
    void request_now() noexcept;

    const Cancel& now() const noexcept override { return now_; }
    const Cancel& soon() const noexcept override { return soon_; }
    void hold() noexcept override;
    void release() noexcept override;

private:
    std::mutex mutex_;
    unsigned holds_ = 0;
    CancelSource now_, soon_;
};

}  // namespace offlineimap::core
