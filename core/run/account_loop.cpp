// SPDX-License-Identifier: Apache-2.0
#include "account_loop.hpp"

#include "account_lock.hpp"
#include "account_rest.hpp"
#include "account_status.hpp"
#include "bus_events.hpp"
#include "file_notes.hpp"
#include "new_mail.hpp"
#include "plan_book.hpp"
#include "run_record.hpp"
#include "start_ids.hpp"

#include "core/process/command.hpp"
#include "core/text/strings.hpp"

#include <algorithm>

namespace offlineimap::core {
namespace {

using Clock = std::chrono::steady_clock;
using Mode = sync::SyncRules::Mode;

std::chrono::sys_seconds now()
{
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

class AccountRun {
public:
    AccountRun(
        const Program& program, const AccountSettings& account, WakeUp& wake_up, FolderNames& names)
        : program_(program)
        , account_(account)
        , names_(names)
        , events_(program.bus, account, program.tracer)
        , rest_(program, account, wake_up)
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
    void run_hook_if_set(
        const std::string& command, const std::string& mode,
        const std::filesystem::path& changes = {});
    template <class Work> void attempt(Work work);
    std::unique_ptr<FileNotes> notes_for_hook();
    AccountFolders own_folders() const;
    Mode next_mode();
    bool sleep();
    void say(EventKind kind, const std::string& text, std::uint64_t done, std::uint64_t total);
    void fail(const Error& error);
    void say_not_found(const sync::SyncResult& result);
    template <class Change> void record(Change change);
    void hide_secrets(RunRecord& record) const;

    const Program& program_;
    const AccountSettings& account_;
    FolderNames& names_;
    BusEvents events_;
    std::unique_ptr<AccountStores> stores_;
    std::unique_ptr<NewMailHook> new_mail_hook_;
    AccountRest rest_;
    std::vector<sync::FolderPair> pairs_;  ///< of the last run that found them
    std::int64_t quick_runs_ = 0;
    bool full_next_ = true;
    /// What woke us up: a run that looks into these folders, or into all, apart from the refreshes.
    std::optional<sync::Both<std::set<FolderPath>>> touched_;
    bool touched_everywhere_ = false;
};

void AccountRun::once()
{
    const auto start = Clock::now();
    const bool refresh = !touched_ && !touched_everywhere_;
    say(EventKind::account_begin, "*** Processing account " + account_.name, 0, 0);
    try {
        synchronise();
    } catch (const Error& error) {
        if (error.code() != Errc::cancelled)
            fail(sync::with_remedy(error, {account_.name, program_.typed}));
    } catch (const std::exception& error) {
        fail(Error(Errc::internal, "account " + account_.name + ": " + error.what()));
    }
    if (refresh) rest_.refreshed();
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
    const bool woken = touched_ || std::exchange(touched_everywhere_, false);
    const Mode mode = woken ? Mode::full : next_mode();
    const char* const called = woken ? "idle" : mode == Mode::quick ? "quick" : "full";
    run_hook_if_set(account_.presync_hook, called);
    if (!new_mail_hook_) {
        stores_ = std::make_unique<AccountStores>(program_, account_);
        new_mail_hook_ = std::make_unique<NewMailHook>(program_, account_);
    }
    const AccountStatus status(program_, account_);
    auto rules = stores_->rules(mode);
    rules.touched = touched_;
    if (program_.plans) program_.plans->open(rules, stores_->settings_digest());
    auto notes = notes_for_hook();
    auto result = sync::sync_account(rules, stores_->sessions(), *status, events_, program_.stop);
    if (program_.config.only_folders) say_not_found(result);
    attempt([&] { keep_start_ids(account_, rules, result, *status); });
    const auto reach = program_.config.only_folders ? RunRecord::Reach::chosen_ones
                                                    : RunRecord::Reach::all_folders;
    record([&](RunRecord& record) { record.add(result, now(), reach); });
    const bool signed_in = !result.pairs.empty();
    if (signed_in && program_.general.update_keyring && !program_.general.dry_run)
        attempt([&] { stores_->update_keyring(); });
    if (program_.plans) program_.plans->add(std::move(result.plan), stores_->settings_digest());
    if (!result.pairs.empty()) pairs_ = std::move(result.pairs);
    if (result.counts.any())
        rest_.changed_something();
    else if (woken)
        rest_.looked_in_vain();
    attempt([&] { new_mail_hook_->call(result.new_mail, stores_->sessions()); });
    attempt([&] { names_.add(own_folders()); });
    run_hook_if_set(
        account_.postsync_hook, called, notes ? notes->finish() : std::filesystem::path());
}

/// A name of -f that is misspelt does nothing, and nobody should think that it did. Of several
/// accounts it need not be in all.
void AccountRun::say_not_found(const sync::SyncResult& result)
{
    if (result.pairs.empty()) return;
    const bool is_alone = program_.general.accounts.size() == 1;
    for (const auto& name : *program_.config.only_folders)
        if (std::ranges::none_of(
                result.pairs, [&](const auto& pair) { return pair.folder.right.name == name; }))
            program_.bus.log(
                is_alone ? Level::warning : Level::info,
                concat("account ", account_.name, ": there is no folder ", name, " (-f)"));
}

/// Nobody else reads them.
std::unique_ptr<FileNotes> AccountRun::notes_for_hook()
{
    if (account_.postsync_hook.empty() || program_.general.dry_run) return nullptr;
    return std::make_unique<FileNotes>(
        account_directory(program_.general, account_.name), stores_->repositories());
}

/// What fails beside the synchronisation itself is said, and the run goes on.
template <class Work> void AccountRun::attempt(Work work)
{
    try {
        work();
    } catch (const Error& error) {
        if (error.code() == Errc::cancelled) throw;
        fail(error);
    }
}

AccountFolders AccountRun::own_folders() const
{
    AccountFolders folders {account_.name, stores_->local_folders(), {}};
    for (const auto& pair : pairs_)
        folders.folders.push_back(pair.folder.left.name);
    return folders;
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

void AccountRun::run_hook_if_set(
    const std::string& command, const std::string& mode, const std::filesystem::path& changes)
{
    if (command.empty()) return;
    if (program_.general.dry_run) {
        program_.bus.log(Level::info, "[DRYRUN] Calling hook: " + command);
        return;
    }
    program_.bus.log(Level::info, "Calling hook: " + command);
    Command call;
    call.text = command;
    call.environment = {{"OFFLINEIMAPSYNCMODE", mode}};
    if (!changes.empty()) call.environment.emplace_back("OFFLINEIMAP_CHANGES", changes.string());
    call.cancel = &program_.stop.now();
    const auto result = run_command(call);
    for (const auto line : split(trimmed(result.output), '\n'))
        if (!line.empty()) program_.bus.log(Level::info, concat("Hook output: ", line));
    program_.bus.log(
        result.exit_code == 0 ? Level::info : Level::warning,
        "Hook return code: " + std::to_string(result.exit_code));
}

/// What the next run shall do; false when there is to be none.
bool AccountRun::sleep()
{
    News news = rest_.sleep(stores_.get(), pairs_);
    if (news.leave) return false;
    touched_.reset();
    if (news.asked && stores_) stores_->forget_refusals();
    if (news.asked || news.disturbed)
        full_next_ = true;
    else if (news.somewhere)
        touched_everywhere_ = true;
    else if (news.has_touches())
        touched_ = std::move(news.touched);
    return true;
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
    events_.post(event);
    if (error.code() == Errc::busy) return;  // the run that has the lock writes the record
    record([&](RunRecord& record) { record.add_failure(error.what(), now()); });
}

/// What a server said is kept as an interface would have been shown it.
void AccountRun::hide_secrets(RunRecord& record) const
{
    record.account.error = program_.bus.without_secrets(record.account.error);
    for (auto& [name, folder] : record.folders)
        folder.error = program_.bus.without_secrets(folder.error);
}

/// Notes for `offlineimap status` how it went. That this fails does not concern the mail.
template <class Change> void AccountRun::record(Change change)
{
    if (program_.general.dry_run) return;
    try {
        const auto directory = account_directory(program_.general, account_.name);
        auto record = RunRecord::load(directory);
        change(record);
        hide_secrets(record);
        record.save(directory);
    } catch (const Error& error) {
        program_.bus.log(Level::debug, error.what());
    }
}

}  // namespace

void run_account(
    const Program& program, const AccountSettings& account, WakeUp& wake_up, FolderNames& names)
{
    AccountRun(program, account, wake_up, names).run();
}

}  // namespace offlineimap::core
