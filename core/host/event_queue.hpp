// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "withheld.hpp"

#include <offlineimap/ui.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace offlineimap::core {

/// An Event with texts of its own, fit for a terminal and without a secret.
class OwnedEvent {
public:
    explicit OwnedEvent(const Event& event, const Withheld& withheld = {});
    /// Valid as long as this object lives and is not moved.
    [[nodiscard]] Event view() const;

    [[nodiscard]] EventKind kind() const noexcept { return event_.kind; }
    [[nodiscard]] Level level() const noexcept { return event_.level; }
    [[nodiscard]] const std::string& account() const noexcept { return account_; }
    [[nodiscard]] std::uint32_t worker() const noexcept { return event_.worker; }
    void set_worker(std::uint32_t worker) noexcept { event_.worker = worker; }

private:
    struct Details {
        explicit Details(const EventDetails& details, const Withheld& withheld);
        Details(const Details&) = delete;
        Details& operator=(const Details&) = delete;

        std::vector<std::string> texts;
        std::vector<std::string_view> messages;
        EventDetails view;
    };

    Event event_;  ///< its views are empty, its pointers null
    std::string account_, repository_, folder_, text_;
    std::optional<Error> error_;
    std::unique_ptr<const Details> details_;
};

/// What waits for the interfaces. Of the progress reports of an account only the last waits, so
/// however slow an interface is, this stays small; when it is full all the same, events that merely
/// tell of something going on are dropped and counted. Failures, warnings, begins and ends never
/// are. One thread at a time.
class EventQueue {
public:
    explicit EventQueue(std::size_t capacity);

    void push(OwnedEvent event);
    /// Everything that waits, in order, each account's progress last.
    [[nodiscard]] std::vector<OwnedEvent> take();
    [[nodiscard]] bool empty() const noexcept { return events_.empty() && progress_.empty(); }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

private:
    std::size_t capacity_;
    std::vector<OwnedEvent> events_;
    std::map<std::string, OwnedEvent> progress_;  ///< by account
    std::uint64_t dropped_ = 0;
};

}  // namespace offlineimap::core
