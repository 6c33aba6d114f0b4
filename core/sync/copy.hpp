// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <span>

namespace offlineimap::sync {

/// Copies messages to the side that lacks them and records each batch when both sides have it
/// durably. Texts go from one repository to the other in pieces; nobody holds a whole one.
///
/// A side that takes ids stores each message under the other side's, so that a message without its
/// record is recognised by its id. On a side that gives ids itself a note is durable before the
/// message is sent; what may or may not have arrived is reported as unresolved.
///
/// Failures of single messages and folders go to the report. Throws what ends the account.
void copy_messages(SyncContext& context, Side to, std::span<const Copy> copies);

}  // namespace offlineimap::sync
