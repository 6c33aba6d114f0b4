// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <thread>

namespace offlineimap::core {

/// Told of the signals that steer a run, on a thread of its own: anything may be called.
class SignalListener {
public:
    /// SIGTERM, SIGINT or SIGHUP for the `times`-th time: 1, stop after the current folder; 2, stop
    /// what is being done.
    virtual void stop(int signal, unsigned times) = 0;
    /// For the third time: the process exits with 128 + `signal` when this returns; SIGQUIT: it
    /// dumps its core. Leave the terminal as it was.
    virtual void last_chance(int signal) noexcept = 0;
    /// SIGUSR1: end the sleep.
    virtual void sync_now() = 0;
    /// SIGUSR2: stop after this synchronisation.
    virtual void stop_after_sync() = 0;

protected:
    ~SignalListener() = default;
};

/// While it lives, signals go to the listener. One that was ignored when the program was started
/// (nohup) stays ignored, except SIGUSR1 and SIGUSR2. A fourth request to stop ends the process on
/// the spot, whatever the listener is at. SIGPIPE has no effect, in the processes that this one
/// starts it has the usual one. One at a time in a process.
class StopSignals {
public:
    /// The listener outlives it. Throws Error{io} when the system has no file descriptor left.
    explicit StopSignals(SignalListener& listener);
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;
    ~StopSignals();  ///< the signals act as before

private:
    void listen();
    void tell(int signal);
    void dump_core();

    SignalListener& listener_;
    int read_end_ = -1, write_end_ = -1;
    unsigned stops_ = 0;
    std::thread thread_;
};

}  // namespace offlineimap::core
