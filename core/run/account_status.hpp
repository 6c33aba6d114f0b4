// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "component_instance.hpp"
#include "program.hpp"

#include <offlineimap/status.hpp>

#include <map>

namespace offlineimap::core {

/// The memory of one account for one run: the store that the configuration names, with the newest
/// state that there is. Opened under the account's lock and closed before that is dropped, so that
/// others can use it between two runs.
class AccountStatus {
public:
    /// Converts if it must. Throws config, and what the stores throw.
    AccountStatus(const Program& program, const AccountSettings& account);

    [[nodiscard]] StatusStore& operator*() const { return *store_; }

private:
    using Instance = ComponentInstance<StatusStore>;
    StatusStore& open(std::string_view type);
    StatusStore* open_if_there(std::string_view type);

    const Program& program_;
    const AccountSettings& account_;
    std::map<std::string, std::unique_ptr<Instance>, std::less<>> open_;
    StatusStore* store_ = nullptr;
};

}  // namespace offlineimap::core
