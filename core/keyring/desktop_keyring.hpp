// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/keyring.hpp"

#include <memory>

namespace offlineimap::core {

/// The keyring of the user's session, reached through libsecret, which is loaded when it is first
/// asked. Where it is missing, on this machine or when this program was built, each question fails.
[[nodiscard]] std::unique_ptr<Keyring> desktop_keyring();

}  // namespace offlineimap::core
