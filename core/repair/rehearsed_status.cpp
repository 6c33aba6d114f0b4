// SPDX-License-Identifier: Apache-2.0
#include "rehearsed_status.hpp"

namespace offlineimap::core {

namespace {

class Collect final : public RecordSink {
public:
    explicit Collect(std::map<MessageId, Record>& out) : out_(out) { }
    void record(const Record& record) override { out_[record.right] = record; }

private:
    std::map<MessageId, Record>& out_;
};

/// False when what is kept cannot be read.
template <class Read> bool is_readable(Read read)
{
    try {
        read();
        return true;
    } catch (const Error& error) {
        if (error.code() != Errc::corrupt) throw;
        return false;
    }
}

}  // namespace

class RehearsedStatus::Folder final : public StatusFolder {
public:
    Folder(std::mutex& mutex, Records& records) : mutex_(mutex), records_(records) { }
    void load(RecordSink& sink) override
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [id, record] : records_)
            sink.record(record);
    }
    void find(std::span<const MessageId> right, RecordSink& sink) override
    {
        const std::lock_guard lock(mutex_);
        for (const auto& id : right)
            if (const auto it = records_.find(id); it != records_.end()) sink.record(it->second);
    }
    std::uint64_t size() override
    {
        const std::lock_guard lock(mutex_);
        return records_.size();
    }
    void apply(const Batch& batch) override
    {
        const std::lock_guard lock(mutex_);
        for (const auto& id : batch.erase)
            records_.erase(id);
        for (const auto& record : batch.put)
            records_[record.right] = record;
    }

private:
    std::mutex& mutex_;
    Records& records_;
};

RehearsedStatus::RehearsedStatus(StatusStore* real) : real_(real)
{
    if (real_ == nullptr) return;
    is_readable([&] {
        for (auto& name : real_->folders())
            folders_.emplace(std::move(name), std::nullopt);
    });
    is_readable([&] {
        for (auto& note : real_->notes())
            notes_.insert_or_assign({note.folder, note.name}, note.value);
    });
}

std::vector<std::string> RehearsedStatus::folders()
{
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, records] : folders_)
        names.push_back(name);
    return names;
}

/// To open a folder that is not there would make it.
RehearsedStatus::Records& RehearsedStatus::records(const std::string& folder)
{
    const bool is_kept = folders_.contains(folder);
    auto& records = folders_[folder];
    if (records) return *records;
    records.emplace();
    Collect collect(*records);
    if (is_kept && !is_readable([&] { real_->open(folder)->load(collect); })) records->clear();
    return *records;
}

std::unique_ptr<StatusFolder> RehearsedStatus::open(std::string_view folder)
{
    const std::lock_guard lock(mutex_);
    return std::make_unique<Folder>(mutex_, records(std::string(folder)));
}

void RehearsedStatus::erase(std::string_view folder)
{
    const std::lock_guard lock(mutex_);
    folders_[std::string(folder)].emplace();
    std::erase_if(notes_, [&](const auto& note) { return note.first.first == folder; });
}

std::vector<Note> RehearsedStatus::notes()
{
    const std::lock_guard lock(mutex_);
    std::vector<Note> notes;
    for (const auto& [key, value] : notes_)
        notes.push_back({key.first, key.second, value});
    return notes;
}

void RehearsedStatus::put(std::span<const Note> notes)
{
    const std::lock_guard lock(mutex_);
    for (const Note& note : notes)
        notes_[{note.folder, note.name}] = note.value;
    std::erase_if(notes_, [](const auto& note) { return note.second.empty(); });
}

}  // namespace offlineimap::core
