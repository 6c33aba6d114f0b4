// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace offlineimap::core {

/// The original's lock of one account: a POSIX record lock on <metadata>/<account>.lock, held while
/// the account is synchronised. The kernel drops it when the process dies, and the empty file that
/// is left then does no harm.
class AccountLock {
public:
    /// Throws busy when another process holds it, io when the file cannot be made.
    AccountLock(const std::filesystem::path& metadata, const std::string& account);
    AccountLock(const AccountLock&) = delete;
    AccountLock& operator=(const AccountLock&) = delete;
    ~AccountLock();  ///< removes the file, then lets go

private:
    std::filesystem::path file_;
    int fd_ = -1;
};

}  // namespace offlineimap::core
