// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace offlineimap::ui_syslog {

/// The socket of the systemd journal (its native protocol: a datagram of fields).
class Journal {
public:
    Journal() = default;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    ~Journal();

    /// False: there is none at this path.
    bool open(std::string_view path);
    /// False: the journal did not take it.
    [[nodiscard]] bool send(std::string_view fields) const noexcept;

private:
    int socket_ = -1;
};

/// One field, in the form that stands any value. Nothing for an empty one.
[[nodiscard]] std::string journal_field(std::string_view name, std::string_view value);

}  // namespace offlineimap::ui_syslog
