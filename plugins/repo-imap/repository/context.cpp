// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"

#include "protocol/text.hpp"

namespace offlineimap::imap {

std::string Context::where(const Folder& folder) const
{
    return printable(folder.wire) + " on " + connection.peer();
}

}  // namespace offlineimap::imap
