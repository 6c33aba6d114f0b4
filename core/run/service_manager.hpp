// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

namespace offlineimap::core {

/// Tells the service manager that started the program, if one did, how it goes, as sd_notify(3)
/// does: READY when it is up, STATUS in words, STOPPING at the end, and WATCHDOG as long as every
/// account that is at work still says something now and then.
class ServiceManager final : public Ui {
public:
    /// nullptr when nobody wants to know ($NOTIFY_SOCKET is not set).
    static std::unique_ptr<ServiceManager> from_environment();
    explicit ServiceManager(std::string socket, std::chrono::microseconds watchdog);
    ~ServiceManager() override;

    void start(Control& control) override;
    void show(const Event& event) noexcept override;
    void close() noexcept override;

private:
    void send(const std::string& message) const noexcept;
    void note(const Event& event);
    void watch(const std::stop_token& stop);
    bool is_alive();

    const std::string socket_;
    const std::chrono::microseconds watchdog_;  ///< 0: nobody watches
    std::mutex mutex_;
    std::set<std::string> working_;  ///< accounts
    std::chrono::steady_clock::time_point last_sign_ = std::chrono::steady_clock::now();
    std::jthread thread_;
};

}  // namespace offlineimap::core
