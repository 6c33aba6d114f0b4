// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "repository_suite.hpp"

// The parts of the suite that lie in files of their own.

namespace offlineimap::testkit {

[[nodiscard]] std::span<const RepositoryCheck> text_checks();
[[nodiscard]] std::span<const RepositoryCheck> edit_checks();

}  // namespace offlineimap::testkit
