// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

namespace offlineimap::sync {

/// By which a run is told to end before its time. Thread-safe.
class StopSigns {
public:
    /// At once, whatever is being done.
    virtual const Cancel& now() const noexcept = 0;
    /// The folders that are being filled are finished, nothing else is begun.
    virtual const Cancel& soon() const noexcept = 0;
    /// Something is at hand that is worth finishing: until release(), `soon` does not become `now`.
    virtual void hold() noexcept = 0;
    virtual void release() noexcept = 0;

    /// Before something new is begun. Throws cancelled.
    void check() const
    {
        now().check();
        soon().check();
    }

protected:
    ~StopSigns() = default;
};

/// Holds while it lives.
class Finishing {
public:
    explicit Finishing(StopSigns& stop) : stop_(stop) { stop_.hold(); }
    Finishing(const Finishing&) = delete;
    Finishing& operator=(const Finishing&) = delete;
    ~Finishing() { stop_.release(); }

private:
    StopSigns& stop_;
};

}  // namespace offlineimap::sync
