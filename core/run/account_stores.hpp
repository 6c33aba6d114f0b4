// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "component_instance.hpp"
#include "connections.hpp"
#include "program.hpp"

#include "core/config/copy_ignore.hpp"
#include "core/config/folder_order.hpp"
#include "core/config/folder_rules.hpp"
#include "core/config/secrets.hpp"
#include "core/sync/account_sync.hpp"

namespace offlineimap::core {

/// What the remote repository's settings want between two runs.
struct Rest {
    bool hold_connections = false;
    std::chrono::seconds keep_alive {0};    ///< say something this often; 0: never
    std::vector<std::string> idle_folders;  ///< to be watched, by name; "*": all
};

/// The two repositories of one account, made by their plugins.
class AccountStores {
public:
    /// No I/O but for the metadata directories. Throws config.
    AccountStores(const Program& program, const AccountSettings& account);

    sync::Both<Repository*> repositories() { return {&**local_, &**remote_}; }
    /// Open from one run to the next, until they are closed.
    sync::Both<sync::SessionPool*> sessions() { return connections_->pools(); }
    Listeners& listeners() { return connections_->listeners(); }
    /// Whatever waits for the other side throws cancelled; no session may be used any more.
    void give_up_sessions() noexcept { connections_->give_up(); }
    /// New ones from here on. Nobody holds one of the old.
    void renew_sessions();
    /// What an account does between two runs.
    Rest rest() const;
    /// Stores the passwords that worked in the keyring. Throws auth, cancelled.
    void update_keyring() const;
    /// Secrets that a server refused are offered once more.
    void forget_refusals() const;
    /// The root of the local Maildir; empty where the local repository is something else.
    std::string local_folders() const;
    /// What the configuration says, as the algorithm takes it.
    sync::SyncRules rules(sync::SyncRules::Mode mode) const;
    /// Differs when one of the repositories is configured otherwise than before, but for secrets,
    /// and for what has nothing to do with where it is.
    std::string settings_digest() const;

private:
    struct Place {
        std::string settings;
        std::unique_ptr<FolderRules> folders;
        std::unique_ptr<FolderOrder> order;
        CopyIgnore ignored;
        std::unique_ptr<Keyring> keyring;
        std::unique_ptr<Secrets> secrets;
    };
    std::unique_ptr<ComponentInstance<Repository>>
    make_repository(const RepositorySettings& repository, Place& place);
    sync::SideRules
    side_rules(const RepositorySettings& repository, const SectionSettings& settings) const;
    void
    say_connecting(const RepositorySettings& repository, const SectionSettings& settings) const;
    void
    say_refused(const RepositorySettings& repository, const Error& why, unsigned sessions) const;
    std::string local_separator() const;
    void warn(const std::vector<std::string>& warnings) const;

    const Program& program_;
    const AccountSettings& account_;
    Place local_place_, remote_place_;
    std::unique_ptr<ComponentInstance<Repository>> local_, remote_;
    std::unique_ptr<Connections> connections_;
};

}  // namespace offlineimap::core
