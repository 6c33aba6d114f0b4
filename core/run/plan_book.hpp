// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/plan_file/plan_file.hpp"
#include "core/sync/account_sync.hpp"

#include <mutex>

namespace offlineimap::core {

/// The plans of a run of the program: collected in a dry run, or to be done as they stand.
/// Thread-safe.
class PlanBook {
public:
    enum class Deletions : std::uint8_t { guarded, approved };

    /// Collects.
    PlanBook() = default;
    /// Allows what is in the plan, and nothing else. With `approved` deletions the guard does not
    /// hold back those that are in it.
    PlanBook(PlanFile approved, Deletions deletions);

    /// Whether this account is to be run at all.
    bool has(const std::string& account) const;
    /// What is planned for accounts that are not among these, by name.
    std::vector<std::string> strangers(const std::vector<std::string>& accounts) const;
    /// Makes the rules of a run what this book is for. `settings` as in PlannedAccount. The book
    /// outlives the run. Throws config when the plan was made for other stores.
    void open(sync::SyncRules& rules, const std::string& settings) const;
    /// Takes the plan of a dry run.
    void add(sync::AccountPlan plan, const std::string& settings);
    /// All that was collected, by account.
    PlanFile take();

private:
    bool is_approval_ = false;
    Deletions deletions_ = Deletions::guarded;
    std::mutex mutex_;
    PlanFile file_;
};

}  // namespace offlineimap::core
