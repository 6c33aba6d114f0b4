// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/error.hpp>

namespace offlineimap::core {

/// What the program tells whoever started it.
enum class ExitCode : int {
    success = 0,
    incomplete = 1,     ///< something could not be synchronised
    usage = 2,          ///< the command line makes no sense
    epoch_changed = 2,  ///< nothing but folders skipped for their UIDVALIDITY, as the original
    configuration = 3,
    authentication = 4,
    network = 5,
    stopped_by_guard = 6,  ///< a plan would have deleted more than is allowed
    locked = 7,            ///< another run is at work
    interrupted = 130,     ///< SIGINT
    terminated = 143,      ///< SIGTERM
};

/// What a run that failed for this reason ends with. Errc::cancelled is `interrupted`; who knows
/// the signal knows better.
[[nodiscard]] ExitCode exit_code(Errc code) noexcept;

/// The same, but a failure that cost no more than a folder leaves the run incomplete whatever its
/// reason: a folder that is "unavailable" is no trouble with the network.
[[nodiscard]] ExitCode exit_code(const Error& error) noexcept;

/// The one of two that the user must hear of. The more a person has to do, the worse.
[[nodiscard]] ExitCode worst_of(ExitCode a, ExitCode b) noexcept;

}  // namespace offlineimap::core
