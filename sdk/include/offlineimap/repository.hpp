// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin.hpp"

// A repository is asked for whole batches, across folders, so that a backend with a wire in
// between can keep many commands in flight and a run costs a handful of round trips, not some
// per folder. A backend that has no wire loops over the batch.
//
// Threads. Repository may be called from several threads at once. A Session and the Appenders
// made from it are used by one thread at a time; it may be a different thread each time. Sinks
// are called on the calling thread, before the method returns. Only Cancel works from outside.
// A plugin that starts threads joins them in the destructor of what started them.
//
// Errors. A method throws Error when it failed as a whole, and reports what happened to single
// folders and messages through its sink. Sinks may throw; let it pass. After an Error of
// Scope::session or wider the session is destroyed, nothing else is called on it. Never let an
// exception cross a C frame (SQLite, OpenSSL callbacks).
//
// Lifetime. References and views given to a sink or to a method are valid during that call only,
// except where something else is said.

namespace offlineimap {

// ------------------------------------------------------------------------ what changed

/// Limits a listing. A message outside the window is neither reported nor taken for deleted.
struct Window {
    std::optional<std::chrono::sys_days> received_since;
    std::optional<std::uint64_t> smaller_than;  ///< bytes
    std::string from_id;                        ///< lowest id of interest; empty = all
    bool empty() const noexcept { return !received_since && !smaller_than && from_id.empty(); }
};

struct ChangeRequest {
    FolderIndex folder = 0;
    std::string epoch;  ///< as last seen; empty = never seen
    std::string token;  ///< as last kept; empty = report everything
    Window window;
};

enum class Coverage : std::uint8_t {
    snapshot,      ///< every message is reported by changed(); what is not reported is gone
    delta,         ///< changed() and vanished() report all differences
    delta_listed,  ///< changed() reports differences, present() every id; what is in neither is
                   ///< gone
};

/// What holds for a folder while this repository has it open.
struct FolderState {
    std::string epoch;  ///< UIDVALIDITY; when it differs from the one asked with, all ids are void
    /// No message that arrives later gets a lower id (UIDNEXT); empty = not known.
    std::string next_id;
    Set<Flag> storable_flags;
    bool any_keyword = false;                    ///< stores keywords not named before (\*)
    std::vector<std::string> storable_keywords;  ///< sorted; these at least
    bool writable = true;
};

/// One folder at a time: begin, reports, then end or failed (failed also without begin). Folders
/// in any order. The same message may be reported more than once: the last report counts.
class ChangeSink {
public:
    virtual void begin(FolderIndex folder, const FolderState& state, Coverage coverage) = 0;
    virtual void changed(const Message& message) = 0;
    /// An id that the core never heard of is passed over.
    virtual void vanished(const MessageId& id) = 0;
    virtual void present(const MessageId& id) = 0;
    /// `token` is valid for exactly what has been reported; empty = this backend has none, or a
    /// change in the same instant could hide behind it.
    virtual void end(FolderIndex folder, std::string token) = 0;
    virtual void failed(FolderIndex folder, const Error& why) = 0;

protected:
    ~ChangeSink() = default;
};

// ------------------------------------------------------------------------ message texts

/// How much of a message fetch() brings: all of it; the header with its blank line; no text at all
/// but Message::size, flags and received.
enum class Part : std::uint8_t { whole, header, facts };

/// Receives messages one after the other: begin, data..., end. In any order of indexes; failed()
/// never between begin and end. A text that breaks off in the middle throws from fetch().
class FetchSink {
public:
    /// `index` counts into the refs asked for. Exactly `size` bytes follow, CRLF line ends; with
    /// Part::header that is the size of the header, while message.size stays that of the whole.
    virtual void begin(std::size_t index, const Message& message, std::uint64_t size) = 0;
    /// False: the rest of this message is not wanted; end() follows, then the next message.
    virtual bool data(Bytes chunk) = 0;
    virtual void end() = 0;
    /// not_found when the message is gone.
    virtual void failed(std::size_t index, const Error& why) = 0;

protected:
    ~FetchSink() = default;
};

/// What became of each item of a batch. `index` counts into the batch; each is reported once.
class ResultSink {
public:
    virtual void done(std::size_t index) = 0;
    virtual void failed(std::size_t index, const Error& why) = 0;

protected:
    ~ResultSink() = default;
};

/// Like ResultSink, for operations that make new messages.
class StoreSink {
public:
    /// Durable on the backend. `id` is empty when the backend cannot tell; the core then finds
    /// it by content in the next changes().
    virtual void stored(std::size_t index, const MessageId& id) = 0;
    virtual void failed(std::size_t index, const Error& why) = 0;

protected:
    ~StoreSink() = default;
};

/// Takes the texts of new messages: begin, write..., end, any number of times, then finish.
/// The plugin keeps as many in flight as it likes and reports them late, but all of them
/// before finish() returns; end() does not wait for the backend. Destroyed without finish():
/// what was not reported may or may not be stored; nothing half-written is ever visible.
class Appender {
public:
    virtual ~Appender() = default;
    /// Exactly `size` bytes follow, CRLF line ends. `index` comes back in the sink. With
    /// Capability::takes_ids the message is stored under `message.id` unless that is empty;
    /// without, `message.id` means nothing. begin, write and end may throw Scope::message: this
    /// one message is refused, nothing of it is left, the next begin() is welcome.
    virtual void
    begin(std::size_t index, FolderIndex folder, const Message& message, std::uint64_t size) = 0;
    virtual void write(Bytes chunk) = 0;
    virtual void end() = 0;
    /// The source broke off in the middle: leave nothing behind. May cost the session: then the
    /// next call throws Scope::session.
    virtual void abandon() noexcept = 0;
    /// Waits until every message is durable and has been reported. The Appender may be used again.
    virtual void finish() = 0;
};

// ------------------------------------------------------------------------ edits

/// A change to one message's marks, as a difference so that both sides' edits survive.
struct Update {
    MessageRef message;
    Set<Flag> add, drop;
    std::vector<std::string> add_keywords, drop_keywords;
    std::vector<std::string> add_labels, drop_labels;
};

struct Move {
    MessageRef message;
    FolderIndex to = 0;
    /// With Capability::takes_ids: the id to store it under, empty = as a message without one.
    MessageId new_id;
};

struct Assign {
    MessageRef message;  ///< by the id it has now
    MessageId id;        ///< the one it gets
};

// update, remove, move and assign act only while the folder's epoch is the one that changes() or
// folders() last reported through this repository; otherwise that folder's items fail with
// epoch_changed and nothing is touched. So no such command may be on the wire before the folder's
// own state has been read in the same session.

/// Told by watch().
class WatchSink {
public:
    /// Something happened in the folder; what, changes() will tell. Empty: somewhere, or a folder
    /// came or went; folders() will tell.
    virtual void touched(const FolderPath& path) = 0;

protected:
    ~WatchSink() = default;
};

/// One connection, or what passes for it.
class OFFLINEIMAP_EXPORT Session : public Interface {
public:
    virtual Capabilities capabilities() const noexcept = 0;
    /// Every folder, with its change token where the backend has it at no extra cost: a run that
    /// finds all tokens as it kept them is over.
    virtual std::vector<FolderInfo> folders() = 0;
    /// Creates it and what is missing above it; one that exists is a success. Returns its entry.
    virtual FolderInfo create_folder(const FolderPath& path) = 0;
    /// Removes the folder and every message in it. Throws not_found.
    virtual void delete_folder(const FolderPath& path) = 0;
    virtual void rename_folder(const FolderPath&, const FolderPath&)
    {
        throw Error(Errc::unsupported, "this repository cannot rename folders");
    }

    /// What changed in each folder since the token in its request.
    virtual void changes(std::span<const ChangeRequest> requests, ChangeSink& sink) = 0;
    /// The core sorts `messages` as it wants them: by folder, the most wanted first.
    virtual void fetch(std::span<const MessageRef> messages, Part part, FetchSink& sink) = 0;
    /// `sink` outlives the Appender, the Session outlives it too. One at a time.
    virtual std::unique_ptr<Appender> append(StoreSink& sink) = 0;
    /// A message that is gone fails with not_found. Adding what is there is a success.
    virtual void update(std::span<const Update> updates, ResultSink& sink) = 0;
    /// Removes for good. A message already gone is a success.
    virtual void remove(std::span<const MessageRef> messages, ResultSink& sink) = 0;
    /// Only with Capability::move.
    virtual void move(std::span<const Move>, StoreSink&)
    {
        throw Error(Errc::unsupported, "this repository cannot move messages");
    }
    /// Only with Capability::takes_ids. Durable when reported.
    virtual void assign(std::span<const Assign>, ResultSink&)
    {
        throw Error(Errc::unsupported, "this repository gives ids itself");
    }
    /// Reports the folders in which something happens until `stop`, then returns and the session is
    /// usable again. No paths: every folder. What is not as folders() or changes() last told it
    /// through this repository is reported at once, so that nothing is missed between a run and
    /// the watch. Only with Capability::watch.
    virtual void watch(std::span<const FolderPath>, WatchSink&, const Cancel& /*stop*/)
    {
        throw Error(Errc::unsupported, "this repository cannot watch folders");
    }
    /// Called now and then while idle.
    virtual void keep_alive() { }
    /// Facts for a person: name and value, for `--info` (host, capabilities, server's name).
    virtual std::vector<std::pair<std::string, std::string>> describe() { return {}; }
};

/// A place that holds mail. Constructed from settings alone: no I/O before connect(), settings that
/// make no sense throw config.
class OFFLINEIMAP_EXPORT Repository : public Interface {
public:
    static constexpr Kind plugin_kind = Kind::repository;

    /// `cancel` outlives the session; once requested, whatever the session is doing throws
    /// cancelled within a second.
    virtual std::unique_ptr<Session> connect(const Cancel& cancel) = 0;
    /// How many sessions the core may hold at once.
    virtual unsigned max_sessions() const noexcept { return 1; }
};

}  // namespace offlineimap
