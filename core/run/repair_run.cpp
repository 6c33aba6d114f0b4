// SPDX-License-Identifier: Apache-2.0
#include "repair_run.hpp"

#include "account_lock.hpp"
#include "account_status.hpp"
#include "account_stores.hpp"
#include "bus_events.hpp"
#include "shared_folders.hpp"

#include "core/repair/rehearsed_status.hpp"
#include "core/repair/set_aside.hpp"
#include "core/text/strings.hpp"

#include <optional>
#include <set>

namespace offlineimap::core {

namespace {

namespace fs = std::filesystem;

class Nothing final : public RecordSink {
public:
    void record(const Record&) override { }
};

/// Reads everything that is kept. Throws corrupt at the first that cannot be read.
void read_all(StatusStore& store)
{
    store.notes();
    Nothing sink;
    for (const auto& folder : store.folders())
        store.open(folder)->load(sink);
}

class Repair {
public:
    Repair(const Program& program, const AccountSettings& account, const RepairRules& rules)
        : program_(program)
        , account_(account)
        , rules_(rules)
        , state_(program.general.metadata / ("Account-" + account.name))
    {
    }

    void run()
    {
        const AccountLock lock(program_.general.metadata, account_.name);
        if (program_.general.dry_run) return rehearse();
        while (!is_readable()) { }
        const AccountStatus status(program_, account_);
        repair(*status);
    }

private:
    void repair(StatusStore& status)
    {
        AccountStores stores(program_, account_);
        BusEvents events(program_.bus, account_, program_.tracer);
        rules_.local_root = stores.local_folders();
        repair_account(
            stores.rules(sync::SyncRules::Mode::full), rules_, stores.sessions(), status, events,
            program_.stop);
    }
    /// What is written is kept in memory alone.
    void rehearse()
    {
        std::optional<AccountStatus> kept;
        try {
            if (fs::exists(state_)) kept.emplace(program_, account_);  // opening would make it
            if (kept) read_all(**kept);
        } catch (const Error& error) {
            if (error.code() != Errc::corrupt) throw;
            program_.bus.log(
                Level::warning,
                concat(
                    "[DRYRUN] ", error.what(), "; it would be moved aside, and is made anew then"));
        }
        RehearsedStatus status(kept ? &**kept : nullptr);
        repair(status);
    }
    /// False when something was moved out of the way: there may be more.
    bool is_readable()
    {
        try {
            const AccountStatus status(program_, account_);
            read_all(*status);
            return true;
        } catch (const Error& error) {
            if (error.code() != Errc::corrupt) throw;
            const auto file = file_named_in(error.what(), state_);
            if (!file || !moved_.insert(*file).second) throw;
            const auto now = set_aside(*file, state_, std::chrono::system_clock::now());
            program_.bus.log(
                Level::warning,
                concat(error.what(), "; it is in ", now.string(), " now, and is made anew"));
            return false;
        }
    }

    const Program& program_;
    const AccountSettings& account_;
    RepairRules rules_;
    const fs::path state_;
    std::set<fs::path> moved_;
};

void fail(const Program& program, const AccountSettings& account, const Error& error)
{
    Event event;
    event.kind = EventKind::failure;
    event.level = Level::error;
    event.account = account.name;
    event.text = error.what();
    event.error = &error;
    program.bus.post(event);
}

}  // namespace

void repair_accounts(const Program& program, const RepairRules& rules)
{
    refuse_shared_folders(program.config);
    const auto accounts = account_settings(program.config, program.general, {program.script, {}});
    for (const auto& account : accounts) {
        if (program.stop.soon().requested()) return;
        try {
            Repair(program, account, rules).run();
        } catch (const Error& error) {
            if (error.code() != Errc::cancelled) fail(program, account, error);
        }
    }
}

}  // namespace offlineimap::core
