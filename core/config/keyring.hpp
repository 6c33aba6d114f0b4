// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace offlineimap {
class Cancel;
}

namespace offlineimap::core {

/// Whose password: what Python's package "keyring" calls service and username, so that what it
/// stored is found and the other way round.
struct KeyringEntry {
    std::string service, user;
};

/// The desktop's keyring. Thread-safe.
class Keyring {
public:
    virtual ~Keyring() = default;

    /// nullopt: it knows none. May wait until the user has unlocked it. Throws auth, saying why it
    /// cannot be asked, and cancelled.
    virtual std::optional<std::string> find(const KeyringEntry& entry, const Cancel* cancel) = 0;
    /// Stores or replaces. Throws the same.
    virtual void
    store(const KeyringEntry& entry, const std::string& secret, const Cancel* cancel) = 0;
};

}  // namespace offlineimap::core
