// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin.hpp"

namespace offlineimap {

/// The last state both sides of one message were known to share.
struct Record {
    MessageId left, right;  ///< the same value where the left side takes ids
    Set<Flag> flags;
    std::vector<std::string> keywords;  ///< sorted
    std::vector<std::string> labels;    ///< sorted
    friend bool operator==(const Record&, const Record&) = default;
};

/// A small fact of one folder pair: a change token, an upload under way.
struct Note {
    std::string folder, name, value;
    friend bool operator==(const Note&, const Note&) = default;
};

/// Receives records, called on the calling thread. `record` is valid during the call.
class RecordSink {
public:
    virtual void record(const Record& record) = 0;

protected:
    ~RecordSink() = default;
};

/// A set of changes that becomes visible and durable as one. Views are valid during apply().
struct Batch {
    std::span<const Record> put;       ///< insert, or replace the record with the same right id
    std::span<const MessageId> erase;  ///< right ids; unknown ones are passed over. Before `put`.
};

/// The memory of one folder pair. One thread at a time. Throws corrupt when what is stored cannot
/// be read back (the text names the file), io when it cannot be read or written at all.
class OFFLINEIMAP_EXPORT StatusFolder : public Interface {
public:
    /// Every record, ordered by right id (MessageId's order).
    virtual void load(RecordSink& sink) = 0;
    /// Only the records with these right ids: what a delta needs. Unknown ids are passed over.
    virtual void find(std::span<const MessageId> right, RecordSink& sink) = 0;
    virtual std::uint64_t size() = 0;
    /// On return the batch survives power loss (unless the user switched flushing off); on throw
    /// nothing of it is visible.
    virtual void apply(const Batch& batch) = 0;
};

/// The memory of one account. May be called from several threads at once, also for different
/// folders. Folders are named as the original names its files (reference: `INBOX.sub`).
///
/// Notes are the account's, not the folder's: a run that finds nothing to do reads all of them
/// with one call and opens no folder, and a run that did something keeps the tokens of all folders
/// in one transaction. They need not be atomic with apply(): the core writes a token after the
/// records it stands for, and an old token only makes the next delta larger.
class OFFLINEIMAP_EXPORT StatusStore : public Interface {
public:
    static constexpr Kind plugin_kind = Kind::status;

    /// The folders that have a memory, in any order.
    virtual std::vector<std::string> folders() = 0;
    /// Creates it if needed. Throws busy when another process has it open. The store outlives it.
    virtual std::unique_ptr<StatusFolder> open(std::string_view folder) = 0;
    /// Forgets the folder with all its records and notes; one that is not there is a success.
    virtual void erase(std::string_view folder) = 0;
    /// Every note of every folder.
    virtual std::vector<Note> notes() = 0;
    /// All or nothing, durable on return; an empty value removes the note.
    virtual void put(std::span<const Note> notes) = 0;
};

/// Optional facet of a StatusStore, asked for by its name: each folder is a file that other
/// programs write as well, the original's. By its files the core sees that somebody else has used
/// the store meanwhile, and knows more.
class OFFLINEIMAP_EXPORT StatusFiles {
public:
    static constexpr std::string_view facet_name = "offlineimap.status-files/1";

    /// The file with the records of `folder`, whether it is there or not. Thread-safe.
    virtual std::filesystem::path file(std::string_view folder) const = 0;

protected:
    ~StatusFiles() = default;
};

}  // namespace offlineimap
