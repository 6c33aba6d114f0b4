// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/repository.hpp>

#include <span>

namespace offlineimap::imap {

/// Session::changes(). All folders in one pipeline: SELECT and what follows it, then the next.
///
/// With QRESYNC, UID FETCH … (CHANGEDSINCE n VANISHED) tells all that differs; with CONDSTORE
/// alone, CHANGEDSINCE and a UID SEARCH tell what is left; else every message's flags are listed.
/// SELECT rather than EXAMINE, because EXAMINE does not tell which flags the folder can store.
void report_changes(Context& context, std::span<const ChangeRequest> requests, ChangeSink& sink);

}  // namespace offlineimap::imap
