// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>
#include <offlineimap/status.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace offlineimap::core {

/// What is needed to find the newest state of an account and to bring it where it shall be.
struct StatusPlace {
    std::string configured;         ///< the type of the store that shall be used
    std::filesystem::path history;  ///< see StatusHistory
    /// The account's store of a type, valid until the end of the run; null: there is no plugin.
    std::function<StatusStore*(std::string_view type)> open;
    std::function<void(Level, std::string_view)> log;
    const Cancel& cancel;
    bool dry_run = false;
};

/// Sees to it that the configured store has the newest state that there is of the account: what
/// another store of ours kept until now, and what the original has written into its own files since
/// then. Whatever ends it in the middle, the next time does it again from the same sources: the
/// history names the new store last. No store but the configured one is written to. Under the
/// account's lock.
///
/// Returns the type of the store to use: the configured one, or in a dry run, which converts
/// nothing, the one that has the state.
[[nodiscard]] std::string take_over_status(const StatusPlace& place);

}  // namespace offlineimap::core
