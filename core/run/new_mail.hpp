// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "program.hpp"

#include "core/sync/account_sync.hpp"
#include "core/sync/sessions.hpp"

#include <offlineimap/script.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace offlineimap::core {

/// Calls an account's newmail_hook: in an rc file a Python function, in YAML a shell command that
/// reads the files of the new messages, one a line.
class NewMailHook {
public:
    /// Throws config. `account` outlives it.
    NewMailHook(const Program& program, const AccountSettings& account);

    /// Nothing happens where there is no new mail. Throws what goes wrong in the hook.
    void call(
        const std::vector<sync::NewMail>& messages, const sync::Both<sync::SessionPool*>& sessions);

private:
    void run_command(
        const std::string& command, sync::Side from, const std::vector<MessageRef>& stored,
        sync::SessionPool& sessions);

    const Program& program_;
    const AccountSettings& account_;
    sync::Both<std::unique_ptr<Expression>> functions_;
};

}  // namespace offlineimap::core
