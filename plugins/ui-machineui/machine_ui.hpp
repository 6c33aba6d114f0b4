// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-console/ticker.hpp"
#include "record.hpp"

#include <map>
#include <mutex>
#include <offlineimap/ui.hpp>

namespace offlineimap::ui_machineui {

/// The line protocol 7.2.0 of the original on the standard output; a password is read from the
/// standard input. docs/ui-protocols.md has the records.
class MachineUi final : public Ui {
public:
    explicit MachineUi(Host& host);

    void start(Control& control) override;
    void show(const Event& event) noexcept override;
    std::optional<std::string> ask(const Question& question) override;
    void close() noexcept override;
    void* facet(std::string_view name) noexcept override;

private:
    using Clock = std::chrono::steady_clock;
    void write(const Record& record);
    void follow_sleep(const Event& event);
    void count_down() noexcept;
    void begin_folder(const Event& event);
    void end_folders(const Event& event);
    std::string thread_of(const Event& event) const;

    Host& host_;
    std::mutex mutex_;                                                ///< the ticker writes too
    std::map<std::string, Clock::time_point, std::less<>> wakes_;     ///< by account
    using Threads = std::map<std::string, std::string, std::less<>>;  ///< by folder
    std::map<std::string, Threads, std::less<>> threads_;             ///< by account
    bool closed_ = false;
    console::Ticker ticker_;
};

}  // namespace offlineimap::ui_machineui
