// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session/connection.hpp"

#include <string>

namespace offlineimap::imap {

/// RFC 2342: where one's own folders begin.
class NamespaceCommand final : public PlainCommand {
public:
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::listing}; }
    void namespaces(const Namespaces& namespaces) override
    {
        if (!namespaces.personal.empty()) prefix_ = namespaces.personal.front().prefix;
    }
    /// What stands before each folder's name but INBOX; empty = nothing.
    [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }

private:
    std::string prefix_;
};

/// Asks, where the server can tell.
[[nodiscard]] inline std::string personal_prefix(Connection& connection)
{
    if (!connection.has("NAMESPACE")) return {};
    NamespaceCommand command;
    connection.send("NAMESPACE", command);
    connection.wait([&command] { return command.done(); });
    return command.prefix();
}

}  // namespace offlineimap::imap
