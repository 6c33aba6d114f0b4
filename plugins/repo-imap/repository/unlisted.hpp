// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <optional>
#include <string_view>

namespace offlineimap::imap {

/// What STATUS tells of a folder that `folderincludes` names and the server does not list: it may
/// hide it, or it is outside of `reference`. Nothing, and a warning: there is no such folder.
[[nodiscard]] std::optional<MailboxStatus>
status_of_unlisted(Context& context, std::string_view wire);

}  // namespace offlineimap::imap
