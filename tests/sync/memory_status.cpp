// SPDX-License-Identifier: Apache-2.0
#include "memory_mail.hpp"

namespace offlineimap::test {

class MemoryStatus::Folder final : public StatusFolder {
public:
    Folder(MemoryStatus& store, std::string name) : store_(store), name_(std::move(name))
    {
        store_.refuse_if_open(name_);
        store_.open_.insert(name_);
    }
    ~Folder() override { store_.open_.erase(name_); }
    void load(RecordSink& sink) override
    {
        for (const auto& [id, record] : records())
            sink.record(record);
    }
    void find(std::span<const MessageId> right, RecordSink& sink) override
    {
        for (const auto& id : right)
            if (const auto it = records().find(id); it != records().end()) sink.record(it->second);
    }
    std::uint64_t size() override { return records().size(); }
    void apply(const Batch& batch) override
    {
        store_.faults_.step([&] {
            for (const auto& id : batch.erase)
                records().erase(id);
            for (const auto& record : batch.put)
                records()[record.right] = record;
        });
    }

private:
    std::map<MessageId, Record>& records() { return store_.records_[name_]; }
    MemoryStatus& store_;
    const std::string name_;
};

std::vector<std::string> MemoryStatus::folders()
{
    std::vector<std::string> out;
    for (const auto& [name, records] : records_)
        out.push_back(name);
    return out;
}

void MemoryStatus::refuse_if_open(std::string_view folder) const
{
    if (open_.contains(folder))
        throw Error(
            Errc::busy, Scope::folder, Retry::later,
            "status of " + std::string(folder) + ": somebody has it open");
}

std::unique_ptr<StatusFolder> MemoryStatus::open(std::string_view folder)
{
    ++opened;
    records_[std::string(folder)];
    return std::make_unique<Folder>(*this, std::string(folder));
}

void MemoryStatus::erase(std::string_view folder)
{
    refuse_if_open(folder);
    faults_.step([&] {
        records_.erase(std::string(folder));
        std::erase_if(notes_, [&](const auto& note) { return note.first.first == folder; });
    });
}

std::vector<Note> MemoryStatus::notes()
{
    std::vector<Note> out;
    for (const auto& [key, value] : notes_)
        out.push_back({key.first, key.second, value});
    return out;
}

void MemoryStatus::put(std::span<const Note> notes)
{
    faults_.step([&] {
        for (const Note& note : notes)
            if (note.value.empty())
                notes_.erase({note.folder, note.name});
            else
                notes_[{note.folder, note.name}] = note.value;
    });
}

}  // namespace offlineimap::test
