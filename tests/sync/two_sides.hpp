// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "memory_mail.hpp"

#include "core/repair/account_repair.hpp"
#include "core/sync/account_sync.hpp"

#include <atomic>
#include <filesystem>
#include <memory>

namespace offlineimap::test {

class NeverCancel final : public Cancel {
public:
    bool requested() const noexcept override { return false; }
    int fd() const noexcept override { return -1; }
};

/// Told to stop after the folder that is being filled.
class StopsWhenTold final : public sync::StopSigns, private Cancel {
public:
    const Cancel& now() const noexcept override { return never_; }
    const Cancel& soon() const noexcept override { return *this; }
    void hold() noexcept override { }
    void release() noexcept override { }
    std::atomic<bool> told = false;

private:
    bool requested() const noexcept override { return told; }
    int fd() const noexcept override { return -1; }
    NeverCancel never_;
};

/// Remembers the lines that a run says.
class Lines final : public sync::Events {
public:
    void post(const Event& event) override
    {
        const std::lock_guard lock(mutex_);
        lines.emplace_back(event.text);
    }
    std::vector<std::string> lines;

private:
    std::mutex mutex_;
};

/// A directory that is gone with the test.
class TemporaryDirectory {
public:
    TemporaryDirectory()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "sync-test-XXXXXX").string();
        path = ::mkdtemp(pattern.data());
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    std::filesystem::path path;
};

inline constexpr MailStore::Abilities maildir_like {
    .takes_ids = true, .coverage = Coverage::snapshot};

/// An account with two stores that tests change and synchronise.
struct TwoSides {
    explicit TwoSides(
        MailStore::Abilities left_abilities = maildir_like,
        MailStore::Abilities right_abilities = {})
        : left(left_abilities, faults), right(right_abilities, faults), status(faults)
    {
        rules.account = "Test";
        rules.flush = sync::Flush::no;
        rules.repositories = {"Local", "Remote"};
        for (const auto side : sync::both_sides) {
            rules.state[side] = directory.path / rules.repositories[side];
            std::filesystem::create_directory(rules.state[side]);
        }
    }

    /// One run, as a process of its own. Throws Crash when the fault plan says so.
    sync::SyncResult run()
    {
        lines.lines.clear();
        const auto local = make_repository(left), remote = make_repository(right);
        sync::SessionPool local_sessions(*local, never, local->max_sessions(), no_pause),
            remote_sessions(*remote, never, remote->max_sessions(), no_pause);
        return sync::sync_account(rules, {&local_sessions, &remote_sessions}, status, lines, stop);
    }
    /// What `offlineimap repair` does.
    void repair(const core::RepairRules& repair = {})
    {
        lines.lines.clear();
        const auto local = make_repository(left), remote = make_repository(right);
        sync::SessionPool local_sessions(*local, never, local->max_sessions(), no_pause),
            remote_sessions(*remote, never, remote->max_sessions(), no_pause);
        core::repair_account(
            rules, repair, {&local_sessions, &remote_sessions}, status, lines, stop);
    }
    /// The durable steps that a run takes.
    std::size_t steps_of_run()
    {
        faults.plan(Faults::Kind::none, 0);
        run();
        return faults.steps();
    }
    bool equal() const { return left.contents() == right.contents(); }

    Faults faults;
    MailStore left, right;
    MemoryStatus status;
    TemporaryDirectory directory;
    sync::SyncRules rules;
    Lines lines;
    NeverCancel never;
    StopsWhenTold stop;

private:
    static constexpr std::chrono::milliseconds no_pause {0};
};

/// A mail text with a header of its own.
inline std::string mail(const std::string& subject)
{
    return "Message-ID: <" + subject + "@example.org>\r\nSubject: " + subject + "\r\n\r\nhello "
        + subject + "\r\n";
}

}  // namespace offlineimap::test
