// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include "account_loop.hpp"
#include "disturbance.hpp"
#include "plan_book.hpp"
#include "shared_folders.hpp"

#include "core/sync/threads.hpp"
#include "core/text/strings.hpp"

#include <atomic>

namespace offlineimap::core {

namespace {

/// Of the accounts those that are to be run. Throws config when others were planned for.
void leave_to_plan(const Program& program, std::vector<AccountSettings>& accounts)
{
    if (const auto strangers = program.plans->strangers(program.general.accounts);
        !strangers.empty())
        throw Error(
            Errc::config,
            concat(
                "the plan is for accounts that are not to be synchronised here: ",
                join(strangers, ", "), "; nothing was done"));
    std::erase_if(accounts, [&](const AccountSettings& account) {
        const bool is_absent = !program.plans->has(account.name);
        if (is_absent)
            program.bus.log(
                Level::info, concat("account ", account.name, " is not in the plan; passed over"));
        return is_absent;
    });
}

}  // namespace

void run_accounts(const Program& program, WakeUp& wake_up)
{
    refuse_shared_folders(program.config);
    auto accounts = account_settings(program.config, program.general, {program.script, {}});
    if (program.plans) leave_to_plan(program, accounts);
    for (const auto& account : accounts)
        for (const auto& warning : account.warnings)
            program.bus.log(Level::warning, warning);
    std::atomic<std::size_t> next = 0;
    const auto workers = std::min<std::size_t>(program.general.max_sync_accounts, accounts.size());
    // An account that refreshes itself keeps its worker; the others must not wait for that.
    const bool refreshing = std::any_of(accounts.begin(), accounts.end(), [](const auto& account) {
        return account.autorefresh.count() > 0;
    });
    std::optional<DisturbanceWatch> disturbances;
    if (refreshing) disturbances.emplace([&] { wake_up.disturb(); });
    FolderNames names(program);
    const auto threads = refreshing ? accounts.size() : workers;
    const auto run_some = [&](std::size_t thread) {
        if (thread == threads) return;  // the main thread waits for the others
        for (auto i = next++; i < accounts.size() && !program.stop.soon().requested(); i = next++)
            run_account(program, accounts[i], wake_up, names);
    };
    sync::run_side_by_side(threads + 1, run_some, [&] {
        Event end;
        end.kind = EventKind::worker_end;
        end.level = Level::debug;
        end.text = "worker has nothing more to do";
        program.bus.post(end);
    });
    if (!program.stop.now().requested()) names.write();
}

}  // namespace offlineimap::core
