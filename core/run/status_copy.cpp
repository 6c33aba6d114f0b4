// SPDX-License-Identifier: Apache-2.0
#include "status_copy.hpp"

#include <algorithm>

namespace offlineimap::core {
namespace {

constexpr std::size_t batch_size = 20'000;

struct Ids final : RecordSink {
    std::vector<MessageId> list;
    void record(const Record& record) override { list.push_back(record.right); }
};

/// Both folders are ordered by id: what `old` has and does not come by is gone.
class Copier final : public RecordSink {
public:
    Copier(StatusFolder& to, std::vector<MessageId> old, const Cancel& cancel)
        : to_(to), old_(std::move(old)), cancel_(cancel)
    {
    }

    void record(const Record& record) override
    {
        for (; next_ < old_.size() && old_[next_] < record.right; ++next_)
            gone_.push_back(std::move(old_[next_]));
        if (next_ < old_.size() && old_[next_] == record.right) ++next_;
        put_.push_back(record);
        if (put_.size() >= batch_size) flush();
    }

    void finish()
    {
        std::move(
            old_.begin() + static_cast<std::ptrdiff_t>(next_), old_.end(),
            std::back_inserter(gone_));
        flush();
    }

private:
    void flush()
    {
        cancel_.check();
        to_.apply({.put = put_, .erase = gone_});
        put_.clear();
        gone_.clear();
    }

    StatusFolder& to_;
    std::vector<MessageId> old_, gone_;
    const Cancel& cancel_;
    std::size_t next_ = 0;
    std::vector<Record> put_;
};

void drop(StatusStore& store, std::vector<Note> notes)
{
    for (Note& note : notes)
        note.value.clear();
    store.put(notes);
}

}  // namespace

void copy_records(StatusFolder& from, StatusFolder& to, const Cancel& cancel)
{
    Ids old;
    to.load(old);
    Copier copier(to, std::move(old.list), cancel);
    from.load(copier);
    copier.finish();
}

bool is_token(const Note& note)
{
    return note.name.ends_with(".token") || note.name.ends_with(".quick");
}

void drop_tokens(StatusStore& store, std::string_view folder)
{
    std::vector<Note> tokens;
    for (Note& note : store.notes())
        if (note.folder == folder && is_token(note)) tokens.push_back(std::move(note));
    drop(store, std::move(tokens));
}

void drop_all_notes(StatusStore& store)
{
    drop(store, store.notes());
}

}  // namespace offlineimap::core
