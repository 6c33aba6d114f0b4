// SPDX-License-Identifier: Apache-2.0
#include "plan_book.hpp"

#include "core/text/strings.hpp"

#include <algorithm>

namespace offlineimap::core {

PlanBook::PlanBook(PlanFile approved, Deletions deletions)
    : is_approval_(true), deletions_(deletions), file_(std::move(approved))
{
}

bool PlanBook::has(const std::string& account) const
{
    return !is_approval_ || file_.find(account) != nullptr;
}

std::vector<std::string> PlanBook::strangers(const std::vector<std::string>& accounts) const
{
    std::vector<std::string> names;
    if (!is_approval_) return names;
    for (const auto& account : file_.accounts)
        if (std::ranges::find(accounts, account.plan.account) == accounts.end())
            names.push_back(account.plan.account);
    return names;
}

void PlanBook::open(sync::SyncRules& rules, const std::string& settings) const
{
    if (!is_approval_) {
        rules.sizes = sync::Sizes::ask;
        return;
    }
    const auto* account = file_.find(rules.account);
    if (account == nullptr) throw Error(Errc::internal, "an account without a plan was run");
    if (account->plan.repositories != rules.repositories || account->settings != settings)
        throw Error(
            Errc::config,
            concat(
                "account ", rules.account,
                ": its repositories are not configured as they were when the plan was made, so "
                "nothing of it was done; make a new one with --plan-json"));
    rules.approved = &account->plan;
    if (deletions_ != Deletions::approved) return;
    rules.budget = {.most = {}, .percent = 100};
    rules.repository_budget = {};
}

void PlanBook::add(sync::AccountPlan plan, const std::string& settings)
{
    const std::lock_guard lock(mutex_);
    if (!is_approval_ && !plan.account.empty())
        file_.accounts.push_back({std::move(plan), settings});
}

PlanFile PlanBook::take()
{
    const std::lock_guard lock(mutex_);
    auto file = std::move(file_);
    std::ranges::sort(file.accounts, {}, [](const PlannedAccount& a) { return a.plan.account; });
    return file;
}

}  // namespace offlineimap::core
