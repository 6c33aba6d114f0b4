// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin.hpp"

#include <span>

namespace offlineimap {

/// What an Event tells. New values may be added; a plugin that does not know one shows `text` if
/// there is any.
enum class EventKind : std::uint16_t {
    log,            ///< `text` at `level`
    account_begin,  ///< `account`
    account_end,    ///< `account`; done = seconds it took
    folder_begin,   ///< there is something to do in `folder`
    folder_end,
    connecting,    ///< `repository`; text = host and port
    listing,       ///< `repository` is asked what changed; total = folders
    planned,       ///< account-wide: total messages and bytes_total bytes are to be copied
    copying,       ///< total messages into `folder` of `repository`
    deleting,      ///< total messages in `folder` of `repository`
    adding_flags,  ///< total messages in `folder` of `repository`
    removing_flags,
    moving,
    sleeping,  ///< total seconds until the next run, done of them passed
    watching,
    progress,        ///< account-wide counters, at most ten a second: done, total, bytes_*
    worker_end,      ///< `worker` has nothing more to do
    failure,         ///< `error` is set; the worst of a run are said again by the core at its end
    folder_created,  ///< `folder` of `repository`
    summary,         ///< at the end of an account: text says what was done
    listed,   ///< what there is to know of `folder` of `repository` is known; done = messages
    problem,  ///< at the end of the run: a failure said again; done = how often it happened
};

/// One end of what is done.
struct EventPlace {
    std::string_view repository, type, folder;  ///< the type as the configuration names it
};

/// More of what an event is about, for interfaces that programs read. Empty: not known.
struct EventDetails {
    EventPlace from, to;
    std::span<const std::string_view> messages;  ///< ids; for a copy, where it comes from
    std::string_view flag;                       ///< the letter in a Maildir, or a keyword
    std::string_view host, port;  ///< connecting; through a command: "tunnel" and the command
};

/// Something happened. Flat on purpose: new kinds reuse these fields. The core has taken control
/// characters out of every text: it may go to a terminal as it is.
struct Event {
    EventKind kind = EventKind::log;
    Level level = Level::info;
    std::chrono::system_clock::time_point time;
    /// Valid during the call. `text` is never empty: one line that says it all, for a log.
    std::string_view account, repository, folder, text;
    std::uint32_t worker = 0;           ///< who does it: a light, a line; 0 = the main thread
    std::uint64_t done = 0, total = 0;  ///< messages, or seconds; total 0 = not known
    std::uint64_t bytes_done = 0, bytes_total = 0;
    const Error* error = nullptr;           ///< valid during the call
    const EventDetails* details = nullptr;  ///< valid during the call, may be null
};

/// Ui::facet() of this name, not null: show a `copying` for every single message as well.
inline constexpr std::string_view every_message_facet = "ui.every-message/1";

struct Question {
    std::string_view text;  ///< valid during the call
    bool hidden = false;    ///< a password: no echo
    bool yes_no = false;    ///< answer with "y" or "n"
};

/// What a user interface may ask of the core. Thread-safe, returns at once.
class Control {
public:
    virtual void sync_now(std::string_view account) = 0;  ///< empty = every account; ends a sleep
    virtual void stop() = 0;                              ///< as SIGTERM does

protected:
    ~Control() = default;
};

/// A way to tell a person, a log or a program what happens. All calls come from one thread, one
/// after the other, and never hold up a synchronisation: the core drops progress that an interface
/// is too slow for, never a failure.
class OFFLINEIMAP_EXPORT Ui : public Interface {
public:
    static constexpr Kind plugin_kind = Kind::ui;

    /// False: cannot work here (no terminal, no display); the next one in the list is tried.
    virtual bool usable() const noexcept { return true; }
    /// Called once, before the first show. `control` outlives the interface. May throw Error.
    virtual void start(Control&) { }
    virtual void show(const Event& event) noexcept = 0;
    /// nullopt: nobody there, or declined. Blocks until answered.
    virtual std::optional<std::string> ask(const Question&) { return std::nullopt; }
    /// Called before exit, also after a failure; leave the terminal as it was.
    virtual void close() noexcept { }
};

}  // namespace offlineimap
