// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <offlineimap/ui.hpp>
#include <optional>
#include <string>
#include <vector>

namespace offlineimap::lights {

/// The colours of the original's manual: what a worker does.
enum class Colour : std::uint8_t {
    black,   ///< nothing
    red,     ///< the main program; a message is deleted; the countdown
    gray,    ///< connects
    purple,  ///< an account
    cyan,    ///< a folder
    green,   ///< a message list is loaded
    blue,    ///< controls copies, makes folders
    orange,  ///< a message is copied
    yellow,  ///< flags are added
    pink,    ///< flags are removed
};

/// The colour of what an event tells; nullopt: it is no activity.
[[nodiscard]] std::optional<Colour> colour_of(const Event& event) noexcept;

struct Light {
    Colour colour = Colour::black;
    std::string status;  ///< printable
};

struct Account {
    std::string name;  ///< printable
    std::vector<std::uint32_t> workers;
    std::optional<std::chrono::steady_clock::time_point> wakes;  ///< it sleeps until then
};

/// Which workers there are and what they do, followed from events. One thread at a time.
class Board {
public:
    using Clock = std::chrono::steady_clock;

    void follow(const Event& event, Clock::time_point now);

    [[nodiscard]] const std::map<std::uint32_t, Light>& lights() const noexcept { return lights_; }
    /// In the order in which they first came.
    [[nodiscard]] const std::vector<Account>& accounts() const noexcept { return accounts_; }
    /// Until the next account wakes; nullopt: none sleeps.
    [[nodiscard]] std::optional<std::chrono::seconds> countdown(Clock::time_point now) const;

private:
    Account& account(std::string_view name);
    void put_worker(std::uint32_t worker, std::string_view account);

    std::map<std::uint32_t, Light> lights_ {{0, {Colour::red, "main program"}}};
    std::vector<Account> accounts_;
};

/// "0:07": how long an account sleeps still.
[[nodiscard]] std::chrono::seconds
seconds_left(const Account& account, Board::Clock::time_point now);

}  // namespace offlineimap::lights
