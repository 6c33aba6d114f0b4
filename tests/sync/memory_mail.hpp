// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/repository.hpp>
#include <offlineimap/status.hpp>

#include <deque>
#include <functional>
#include <iosfwd>
#include <map>
#include <mutex>
#include <set>

// Repositories and a status store in memory, for tests of the algorithm: they behave as a server, a
// Maildir and a database do, count every durable step and can fail or "crash" at any of them.

namespace offlineimap::test {

/// The process died: nobody may catch this but the test.
struct Crash { };

/// What goes wrong, and when. Thread-safe.
class Faults {
public:
    enum class Kind : std::uint8_t {
        none,
        crash_before,  ///< the process ends before the step
        crash_after,   ///< the process ends after the step
        lost_answer,   ///< the step is done, the session breaks before it says so
    };

    void plan(Kind kind, std::size_t at)
    {
        const std::lock_guard lock(mutex_);
        kind_ = kind;
        at_ = at;
        steps_ = 0;
        crashed_ = false;
    }
    std::size_t steps() const
    {
        const std::lock_guard lock(mutex_);
        return steps_;
    }
    /// Whether the fault that was planned happened.
    bool struck() const
    {
        const std::lock_guard lock(mutex_);
        return kind_ != Kind::none && steps_ >= at_;
    }
    /// Runs one durable step.
    void step(const std::function<void()>& work);
    /// What other people do while a run goes on: called before each step, by one thread at a time.
    void meanwhile(std::function<void()> others);
    /// Looks at the world while nobody changes it; not within a step.
    void look(const std::function<void()>& work);

private:
    Kind next();

    mutable std::mutex mutex_;
    Kind kind_ = Kind::none;
    std::size_t at_ = 0, steps_ = 0;
    bool crashed_ = false;
    std::mutex world_;  ///< one step, or what others do, at a time
    std::function<void()> others_;
};

struct Mail {
    std::string text;
    Set<Flag> flags;
    std::set<std::string> keywords;
    std::uint64_t mod_seq = 0;
    std::optional<MessageRef> origin;
    std::optional<std::chrono::sys_seconds> received = {};
    friend bool operator==(const Mail& a, const Mail& b)
    {
        return a.text == b.text && a.flags == b.flags && a.keywords == b.keywords;
    }
    friend bool operator<(const Mail& a, const Mail& b)
    {
        return std::tuple(a.text, a.flags.bits(), a.keywords)
            < std::tuple(b.text, b.flags.bits(), b.keywords);
    }
};

void PrintTo(const Mail& mail, std::ostream* out);

struct MailFolder {
    FolderPath path;
    std::uint64_t validity = 1, next_id = 1, mod_seq = 1;
    std::map<MessageId, Mail> mails;
    std::map<MessageId, std::uint64_t> gone;  ///< id to mod_seq
    bool removed = false;                     ///< keeps its index
    std::uint64_t void_before = 0;            ///< a mod_seq: tokens of before are refused
};

/// What a mail reader leaves of a Maildir file's name, with `,U=` and `,FMD5=` in it.
enum class Keep : std::uint8_t { name, nothing };

/// The mail of one side: what is there when the process is gone.
class MailStore {
public:
    struct Abilities {
        bool takes_ids = false, returns_ids = true, move = true, keywords = true, tokens = true;
        bool tells_tokens = true;  ///< with its list of folders
        Coverage coverage = Coverage::delta;
        unsigned sessions = 4;
    };

    MailStore(Abilities able, Faults& plan) : abilities(able), faults(plan) { }

    MailFolder& folder(const std::string& name);
    /// As a mail reader or another client does it.
    MessageId add(const std::string& folder, const std::string& text, Set<Flag> flags = {});
    void remove(const std::string& folder, const MessageId& id);
    void set_flags(const std::string& folder, const MessageId& id, Set<Flag> flags);
    void set_keyword(const std::string& folder, const MessageId& id, const std::string& keyword);
    /// A Maildir file carried to another folder; on a server a MOVE.
    void move(
        const std::string& from, const MessageId& id, const std::string& to,
        Keep keep = Keep::name);
    void copy(
        const std::string& from, const MessageId& id, const std::string& to,
        Keep keep = Keep::name);
    /// A mail reader gives the file a name of its own: without `,U=` and `,FMD5=`.
    void rename(const std::string& folder, const MessageId& id);
    /// With all that is in it.
    void remove_folder(const std::string& name);
    /// `to` is not there yet.
    void rename_folder(const std::string& from, const std::string& to);
    /// Of the folders that are there.
    std::vector<std::string> names() const;
    /// The server gives a folder another UIDVALIDITY, and its messages other numbers.
    void renumber(const std::string& folder);
    /// The same under the old UIDVALIDITY, as after a backup was put back: tokens are refused.
    void turn_back(const std::string& folder);
    MessageId find(const std::string& folder, const std::string& text);
    std::vector<MessageId> ids(const std::string& folder);
    /// Throws out_of_range when it was removed.
    MailFolder& at(FolderIndex index);
    /// Every folder's mail, without ids: what both sides must agree on.
    std::map<std::string, std::multiset<Mail>> contents() const;

    Abilities abilities;
    Faults& faults;
    mutable std::mutex mutex;
    std::deque<MailFolder> folders;         ///< the index is the FolderIndex
    std::uint64_t texts_out = 0;            ///< how many texts were fetched whole
    std::function<void()> on_text = [] {};  ///< called while one is being fetched
    /// Why a message is not given just now.
    std::function<std::optional<Error>(Part)> on_fetch = [](Part) { return std::nullopt; };
    std::set<std::string> broken;  ///< texts that nobody is given; sizes are told
    /// Why something is not done in a folder just now.
    enum class Deed : std::uint8_t { store, remove, move };
    std::function<std::optional<Error>(Deed, const std::string& folder)> on_deed =
        [](Deed, const std::string&) { return std::nullopt; };
    /// Called before a folder is made; may throw why it is not.
    std::function<void(const std::string& folder)> on_creation = [](const std::string&) {};
    /// Called before a folder is listed; may throw why it is not.
    std::function<void(const std::string& folder)> on_listing = [](const std::string&) {};
    MessageId fresh_id(MailFolder& folder);
    std::optional<Error> refusal(Deed deed, FolderIndex folder) const
    {
        std::string name;
        faults.look([&] { name = folders.at(folder).path.front(); });
        return on_deed(deed, name);
    }

private:
    std::uint64_t ids_given_ = 0;
    FolderIndex index(const MailFolder& folder) const;
    MailFolder& revived(MailFolder& folder);
    void arrive(MailFolder& target, Mail mail);
};

std::unique_ptr<Repository> make_repository(MailStore& store);

/// A status store that survives the process. As with the real ones, records that are open can
/// neither be opened again nor erased: both throw busy.
class MemoryStatus final : public StatusStore {
public:
    explicit MemoryStatus(Faults& faults) : faults_(faults) { }
    std::vector<std::string> folders() override;
    std::unique_ptr<StatusFolder> open(std::string_view folder) override;
    void erase(std::string_view folder) override;
    std::vector<Note> notes() override;
    void put(std::span<const Note> notes) override;

    int opened = 0;  ///< how often a folder's records were

private:
    class Folder;
    void refuse_if_open(std::string_view folder) const;

    Faults& faults_;
    std::map<std::string, std::map<MessageId, Record>> records_;
    std::set<std::string, std::less<>> open_;
    std::map<std::pair<std::string, std::string>, std::string> notes_;
};

}  // namespace offlineimap::test
