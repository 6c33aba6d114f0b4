// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/run/status_history.hpp"
#include "core/run/status_takeover.hpp"

#include "status-lmdb/store.hpp"
#include "status-plain/store.hpp"
#include "status-sqlite/store.hpp"
#include "testkit/test_cancel.hpp"
#include "unit/common-status/store_fixture.hpp"

#include <chrono>
#include <map>
#include <thread>

// An account's state, and who keeps it where.

namespace offlineimap::core {

namespace fs = std::filesystem;
using status::test::make_record;

/// Fails at the n-th thing that is to be durable.
struct Fuse {
    int left = -1;
    void burn()
    {
        if (left > 0 && --left == 0) throw Error(Errc::io, "the disk is gone");
    }
};

class FusedFolder final : public StatusFolder {
public:
    FusedFolder(std::unique_ptr<StatusFolder> real, Fuse& fuse)
        : real_(std::move(real)), fuse_(fuse)
    {
    }
    void load(RecordSink& sink) override { real_->load(sink); }
    void find(std::span<const MessageId> right, RecordSink& sink) override
    {
        real_->find(right, sink);
    }
    std::uint64_t size() override { return real_->size(); }
    void apply(const Batch& batch) override
    {
        fuse_.burn();
        real_->apply(batch);
        fuse_.burn();
    }

private:
    std::unique_ptr<StatusFolder> real_;
    Fuse& fuse_;
};

class FusedStore final : public StatusStore {
public:
    FusedStore(std::unique_ptr<StatusStore> real, Fuse& fuse) : real_(std::move(real)), fuse_(fuse)
    {
    }
    std::vector<std::string> folders() override { return real_->folders(); }
    std::unique_ptr<StatusFolder> open(std::string_view folder) override
    {
        return std::make_unique<FusedFolder>(real_->open(folder), fuse_);
    }
    void erase(std::string_view folder) override
    {
        fuse_.burn();
        real_->erase(folder);
        fuse_.burn();
    }
    std::vector<Note> notes() override { return real_->notes(); }
    void put(std::span<const Note> notes) override
    {
        fuse_.burn();
        real_->put(notes);
        fuse_.burn();
    }
    void* facet(std::string_view name) noexcept override { return real_->facet(name); }

private:
    std::unique_ptr<StatusStore> real_;
    Fuse& fuse_;
};

using Folders = std::map<std::string, std::vector<Record>>;

class StatusTakeover : public status::test::DirectoryTest {
protected:
    std::unique_ptr<StatusStore> make(std::string_view type)
    {
        if (type == "sqlite") return std::make_unique<status_sqlite::SqliteStore>(host);
        if (type == "plain") return std::make_unique<status_plain::PlainStore>(host);
        if (type == "lmdb" && has_lmdb) return std::make_unique<status_lmdb::LmdbStore>(host);
        return nullptr;
    }

    /// The beginning of a run with this setting; the type of the store that it works with.
    std::string run(const std::string& configured, bool dry_run = false)
    {
        std::map<std::string, std::unique_ptr<StatusStore>, std::less<>> open;
        const testkit::TestCancel cancel;
        lines.clear();
        return take_over_status(
            {.configured = configured,
             .history = history_file(),
             .open =
                 [&](std::string_view type) {
                     auto made = make(type);
                     if (!made) return static_cast<StatusStore*>(nullptr);
                     if (fuse.left > 0) made = std::make_unique<FusedStore>(std::move(made), fuse);
                     auto& place = open[std::string(type)];
                     if (!place) place = std::move(made);
                     return place.get();
                 },
             .log = [&](Level, std::string_view text) { lines.emplace_back(text); },
             .cancel = cancel,
             .dry_run = dry_run});
    }

    fs::path history_file() const { return host.directory / "LocalStatus-history"; }

    Folders in(std::string_view type)
    {
        Folders found;
        const auto store = make(type);
        for (const auto& name : store->folders())
            found[name] = status::test::all(*store->open(name));
        return found;
    }
    std::vector<Note> notes_in(std::string_view type) { return make(type)->notes(); }

    /// What a run leaves, ours or the original's.
    void keep(std::string_view type, const std::string& folder, const std::vector<Record>& records)
    {
        // The clock of a file system is coarse.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        const auto store = make(type);
        const auto opened = store->open(folder);
        std::vector<MessageId> gone;
        for (const Record& record : status::test::all(*opened))
            gone.push_back(record.right);
        opened->apply({.put = records, .erase = gone});
    }
    void note(std::string_view type, const std::vector<Note>& notes) { make(type)->put(notes); }

    std::map<std::string, std::string> files(const std::string& below)
    {
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(host.directory))
            if (entry.is_regular_file() && entry.path().string().find(below) != std::string::npos)
                found[entry.path().string()] = digest_of(entry.path());
        return found;
    }

    static Record rich(std::string id)
    {
        Record record = make_record(std::move(id), {Flag::seen});
        record.left.value = "left";
        record.keywords = {"$Work"};
        record.labels = {"a, b"};
        return record;
    }

    const std::vector<Record> old {make_record("1"), make_record("2"), rich("3")};
    const std::vector<Record> young {make_record("2", {Flag::seen}), rich("4"), rich("M5")};
    const std::vector<Note> two_notes {
        {"INBOX", "left.token", "t"}, {"INBOX", "storing.left.5", "s"}};
    Fuse fuse;
    bool has_lmdb = true;
    std::vector<std::string> lines;
};

}  // namespace offlineimap::core
