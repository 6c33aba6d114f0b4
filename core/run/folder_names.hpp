// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "program.hpp"

#include "core/config/mbnames.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace offlineimap::core {

/// What mbnames tells of one account.
struct AccountFolders {
    std::string account;
    std::string local_folders;         ///< the Maildir's root; empty = there is none
    std::vector<std::string> folders;  ///< by their own local names
};

/// Writes the list of folders for mail readers: `[mbnames]`. Thread-safe.
class FolderNames {
public:
    /// Throws config.
    explicit FolderNames(const Program& program);

    /// Whether there is a list at all.
    bool wanted() const noexcept { return settings_.has_value(); }
    /// Adds to what is known of the account, in <metadata>/mbnames/<account>.json, and writes the
    /// list where it is to be written after each account. Throws io.
    void add(const AccountFolders& account);
    /// Writes the list. Throws io.
    void write();
    /// Forgets the accounts that the configuration does not choose any more, or all where there is
    /// no list. Throws io.
    void prune();

private:
    struct Item {
        std::string account, folder, local_folders;
        auto operator<=>(const Item&) const = default;  // NOLINT(*-nullptr)
    };
    std::filesystem::path file_of(const std::string& account) const;
    std::vector<Item> read(const std::filesystem::path& file) const;
    std::vector<Item> sorted_items() const;
    std::vector<Item> sorted_by_key(const std::vector<Item>& items) const;
    std::string text() const;
    void write_list();

    const Program& program_;
    const std::filesystem::path directory_;
    std::optional<MbnamesSettings> settings_;
    std::mutex mutex_;
    std::map<std::string, std::set<Item>> known_;  ///< of this run, by account
};

}  // namespace offlineimap::core
