// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "commands.hpp"
#include "events.hpp"
#include "folder_pair.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace offlineimap::sync {

/// What a run did.
struct Counts {
    std::uint64_t copied = 0, bytes = 0, edited = 0, moved = 0, removed = 0, adopted = 0,
                  folders_created = 0;
    /// Something was done on one of the sides.
    bool any() const noexcept { return copied + edited + moved + removed + folders_created != 0; }
};

/// What came into an INBOX and nobody has seen yet.
struct NewMail {
    Side from = Side::right;
    MessageRef stored;  ///< on the other side
};

/// Of state that cannot be read it says how to mend it as well: the exact command.
Error with_remedy(const Error& error, const Commands& commands);

/// Tells the interfaces what a run does, and remembers what went wrong in it. Thread-safe.
class Report {
public:
    Report(Events& events, Commands commands, Both<std::string> repositories);

    const Commands& commands() const noexcept { return commands_; }
    const std::string& account() const noexcept { return commands_.account; }
    const std::string& repository(Side side) const noexcept { return repositories_[side]; }

    /// One line of an event; `folder` may be empty.
    void
    say(EventKind kind, Side side, const std::string& folder, const std::string& text,
        std::uint64_t total = 0) const;
    /// The same; `details` without the repositories, which are `to` = `side`, `from` = the other.
    void
    say(EventKind kind, Side side, const std::string& folder, const std::string& text,
        std::uint64_t total, EventDetails details, Level level = Level::info) const;
    [[nodiscard]] bool wants_every_message() const { return events_.wants_every_message(); }
    /// A folder's ids are void: details with the flag "UIDVALIDITY" and both epochs for messages.
    void say_new_epoch(
        Side side, const std::string& folder, std::string_view kept, std::string_view now) const;
    /// The calling thread, which said things, has nothing more to do.
    void worker_ends() const;
    void log(Level level, const std::string& text) const;

    /// Traces a part of the run while it lives.
    class Phase {
    public:
        Phase(Events& events, std::string_view name) : events_(events), name_(name) { }
        Phase(const Phase&) = delete;
        Phase& operator=(const Phase&) = delete;
        ~Phase() { events_.span(name_, begin_); }

    private:
        Events& events_;
        const std::string_view name_;
        const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    };
    /// `name` outlives it.
    Phase phase(std::string_view name) const { return {events_, name}; }

    /// Something of this pair was not done: its tokens must not be kept. Said once for each text.
    void failed(PairIndex pair, const Error& error);
    /// Something was not done, and nobody misses it: a warning.
    void passed_over(const Error& error);
    /// Something that belongs to no folder was not done.
    void failed(const Error& error);
    /// Not done, and said elsewhere.
    void hold_back(PairIndex pair);
    /// What was written for this pair may or may not be stored: to be looked up by content.
    void unresolved(PairIndex pair);
    bool is_held_back(PairIndex pair) const;
    /// Empties the set, for the pass that resolves them.
    std::set<PairIndex> take_unresolved();

    /// The total of what progress() counts towards.
    void expect(std::uint64_t messages);
    void progress(std::uint64_t messages, std::uint64_t bytes);
    void add(const Counts& counts);
    Counts counts() const;
    /// What was last said to have failed in a pair; empty = nothing.
    std::string last_failure(PairIndex pair) const;
    void arrived(NewMail message);
    std::vector<NewMail> new_mail() const;
    /// Each error's code, one for each failure that was said.
    std::vector<Errc> failures() const;

private:
    bool first_time(const std::string& text);

    Events& events_;
    const Commands commands_;
    const Both<std::string> repositories_;
    mutable std::mutex mutex_;
    std::set<std::string> said_;
    std::set<PairIndex> held_back_, unresolved_;
    std::vector<Errc> failures_;
    std::map<PairIndex, std::string> last_failure_;
    Counts counts_;
    std::vector<NewMail> new_mail_;
    std::uint64_t done_ = 0, bytes_ = 0, total_ = 0;
    std::chrono::steady_clock::time_point last_progress_ {};
};

}  // namespace offlineimap::sync
