// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace offlineimap::core {

/// An Event with texts of its own, fit for a terminal.
class OwnedEvent {
public:
    explicit OwnedEvent(const Event& event);
    /// Valid as long as this object lives and is not moved.
    [[nodiscard]] Event view() const;

    [[nodiscard]] EventKind kind() const noexcept { return event_.kind; }
    [[nodiscard]] Level level() const noexcept { return event_.level; }
    [[nodiscard]] const std::string& account() const noexcept { return account_; }

private:
    Event event_;  ///< its views are empty, its error null
    std::string account_, repository_, folder_, text_;
    std::optional<Error> error_;
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
