// SPDX-License-Identifier: Apache-2.0
#include "account_loop.hpp"

#include "account_lock.hpp"
#include "account_stores.hpp"
#include "bus_events.hpp"
#include "hook.hpp"

#include "core/text/strings.hpp"

namespace offlineimap::core {
namespace {

using Clock = std::chrono::steady_clock;
using Mode = sync::SyncRules::Mode;

/// No session stays open between two runs.
struct ClosedAfterRun {
    AccountStores& stores;
    ~ClosedAfterRun()
    {
        for (const sync::Side side : sync::both_sides)
            stores.sessions()[side]->close();
    }
};

class AccountRun {
public:
    AccountRun(const Program& program, const AccountSettings& account, WakeUp& wake_up)
        : program_(program), account_(account), wake_up_(wake_up), events_(program.bus)
    {
    }

    void run()
    {
        do
            once();
        while (account_.autorefresh.count() > 0 && !program_.stop.soon().requested() && sleep());
    }

private:
    void once();
    void synchronise();
    void run_hook_if_set(const std::string& command, Mode mode);
    Mode next_mode();
    bool sleep();
    void say(EventKind kind, const std::string& text, std::uint64_t done, std::uint64_t total);
    void fail(const Error& error);

    const Program& program_;
    const AccountSettings& account_;
    WakeUp& wake_up_;
    BusEvents events_;
    std::unique_ptr<AccountStores> stores_;
    std::int64_t quick_runs_ = 0;
    std::uint64_t woken_ = 0;
    bool full_next_ = true;
};

void AccountRun::once()
{
    const auto start = Clock::now();
    say(EventKind::account_begin, "*** Processing account " + account_.name, 0, 0);
    try {
        synchronise();
    } catch (const Error& error) {
        if (error.code() != Errc::cancelled) fail(error);
    } catch (const std::exception& error) {
        fail(Error(Errc::internal, "account " + account_.name + ": " + error.what()));
    }
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - start).count();
    const auto rest = std::to_string(seconds % 60);
    say(EventKind::account_end,
        "*** Finished account '" + account_.name + "' in " + std::to_string(seconds / 60) + ":"
            + (rest.size() < 2 ? "0" : "") + rest,
        static_cast<std::uint64_t>(seconds), 0);
}

void AccountRun::synchronise()
{
    const AccountLock lock(program_.general.metadata, account_.name);
    const Mode mode = next_mode();
    run_hook_if_set(account_.presync_hook, mode);
    if (!stores_) stores_ = std::make_unique<AccountStores>(program_, account_);
    const ClosedAfterRun closed {*stores_};
    sync::sync_account(
        stores_->rules(mode), stores_->sessions(), stores_->status(), events_, program_.stop);
    run_hook_if_set(account_.postsync_hook, mode);
}

/// `quick` runs after each full one; a run that was asked for is a full one.
Mode AccountRun::next_mode()
{
    if (account_.quick < 0) return Mode::quick;
    if (full_next_ || quick_runs_ >= account_.quick) {
        full_next_ = false;
        quick_runs_ = 0;
        return Mode::full;
    }
    ++quick_runs_;
    return Mode::quick;
}

void AccountRun::run_hook_if_set(const std::string& command, Mode mode)
{
    if (command.empty()) return;
    if (program_.general.dry_run) {
        program_.bus.log(Level::info, "[DRYRUN] Calling hook: " + command);
        return;
    }
    program_.bus.log(Level::info, "Calling hook: " + command);
    const auto result = run_hook(command, mode == Mode::quick ? "quick" : "full");
    for (const auto line : split(trimmed(result.output), '\n'))
        if (!line.empty()) program_.bus.log(Level::info, concat("Hook output: ", line));
    program_.bus.log(
        result.exit_code == 0 ? Level::info : Level::warning,
        "Hook return code: " + std::to_string(result.exit_code));
}

/// False when there is to be no other run.
bool AccountRun::sleep()
{
    const auto seconds = account_.autorefresh.count();
    say(EventKind::sleeping,
        "Next refresh of " + account_.name + " in " + std::to_string(seconds / 60) + " minutes", 0,
        static_cast<std::uint64_t>(seconds));
    switch (wake_up_.sleep(account_.autorefresh, woken_)) {
    case WakeUp::Reason::leave:
        return false;
    case WakeUp::Reason::sync_now:
        full_next_ = true;
        return true;
    default:
        return true;
    }
}

void AccountRun::say(
    EventKind kind, const std::string& text, std::uint64_t done, std::uint64_t total)
{
    Event event;
    event.kind = kind;
    event.account = account_.name;
    event.text = text;
    event.done = done;
    event.total = total;
    program_.bus.post(event);
}

void AccountRun::fail(const Error& error)
{
    Event event;
    event.kind = EventKind::failure;
    event.level = Level::error;
    event.account = account_.name;
    event.text = error.what();
    event.error = &error;
    program_.bus.post(event);
}

}  // namespace

void run_account(const Program& program, const AccountSettings& account, WakeUp& wake_up)
{
    AccountRun(program, account, wake_up).run();
}

}  // namespace offlineimap::core
