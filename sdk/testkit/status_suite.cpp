// SPDX-License-Identifier: Apache-2.0
#include "status_suite.hpp"

#include "check.hpp"
#include "status_crash.hpp"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace offlineimap::testkit {
namespace {

struct Collector final : RecordSink {
    std::vector<Record> records;
    void record(const Record& record) override { records.push_back(record); }
};

struct Thrower final : RecordSink {
    void record(const Record& /*record*/) override { throw Error(Errc::cancelled, "enough"); }
};

std::vector<Record> all(StatusFolder& folder)
{
    Collector found;
    folder.load(found);
    return found.records;
}

std::vector<Record> found(StatusFolder& folder, const std::vector<MessageId>& ids)
{
    Collector found;
    folder.find(ids, found);
    std::sort(found.records.begin(), found.records.end(), [](const Record& a, const Record& b) {
        return a.right < b.right;
    });
    return found.records;
}

void put(StatusFolder& folder, const std::vector<Record>& records)
{
    folder.apply({.put = records, .erase = {}});
}

Record plain(const std::string& id)
{
    return {{id}, {id}, {}, {}, {}};
}

/// In the order of ids.
std::vector<Record> every_kind()
{
    const Set<Flag> flags {Flag::seen,    Flag::answered, Flag::flagged,
                           Flag::deleted, Flag::draft,    Flag::forwarded};
    return {
        plain("1"),
        {{"x"}, {"2"}, {Flag::seen}, {}, {}},
        {{"12"}, {"10"}, flags, {"$Junk", "NonJunk"}, {"Inbox", "Work, later"}},
        {{""}, {"11"}, {Flag::draft}, {}, {"\xc3\xa4rger"}},
        {{"4294967295"}, {"4294967295"}, {Flag::flagged}, {}, {}},
        {{"5"}, {"M1234567890abcdef"}, {Flag::seen}, {"k"}, {"b"}},
    };
}

void records_survive_a_reopen(StatusBench& bench)
{
    {
        const auto store = bench.store();
        put(*store->open("INBOX"), every_kind());
    }
    const auto store = bench.store();
    const auto folder = store->open("INBOX");
    require(all(*folder) == every_kind(), "load() brings back every record as it was put");
    require(folder->size() == every_kind().size(), "size() counts the records");
}

void load_is_ordered(StatusBench& bench)
{
    const auto store = bench.store();
    const auto folder = store->open("INBOX");
    auto shuffled = every_kind();
    std::reverse(shuffled.begin(), shuffled.end());
    for (const Record& record : shuffled)
        put(*folder, {record});
    require(all(*folder) == every_kind(), "load() is ordered by right id");
}

void a_new_folder_is_empty(StatusBench& bench)
{
    const auto store = bench.store();
    require(store->folders().empty(), "a new store has no folders");
    require(store->notes().empty(), "a new store has no notes");
    const auto folder = store->open("INBOX");
    require(all(*folder).empty() && folder->size() == 0, "a new folder has no records");
    require(found(*folder, {{"1"}}).empty(), "find() in a new folder finds nothing");
    folder->apply({});
    const MessageId unknown {"1"};
    folder->apply({.put = {}, .erase = std::span(&unknown, 1)});
    require(folder->size() == 0, "erasing from a new folder is a success");
}

void find_passes_over_unknown_ids(StatusBench& bench)
{
    const auto store = bench.store();
    const auto folder = store->open("INBOX");
    put(*folder, every_kind());
    const auto kinds = every_kind();
    const std::vector<Record> some {kinds[0], kinds[2], kinds[5]};
    require(
        found(*folder, {{"M1234567890abcdef"}, {"3"}, {"10"}, {"M0"}, {"1"}}) == some,
        "find() reports exactly the known ones");
    require(found(*folder, {}).empty(), "find() of nothing finds nothing");
}

void put_replaces(StatusBench& bench)
{
    const auto store = bench.store();
    const auto folder = store->open("INBOX");
    put(*folder, every_kind());
    std::vector<Record> others;
    for (const Record& record : every_kind())
        others.push_back(plain(record.right.value));
    put(*folder, others);
    require(all(*folder) == others, "put replaces the whole record with the same right id");
}

void erase_is_before_put(StatusBench& bench)
{
    const auto store = bench.store();
    const auto folder = store->open("INBOX");
    put(*folder, every_kind());
    const std::vector<Record> again {plain("10"), plain("77")};
    const std::vector<MessageId> gone {{"10"}, {"11"}, {"M1234567890abcdef"}, {"55"}, {"none"}};
    folder->apply({.put = again, .erase = gone});
    const auto kinds = every_kind();
    const std::vector<Record> expected {kinds[0], kinds[1], again[0], again[1], kinds[4]};
    require(all(*folder) == expected, "erase comes before put, unknown ids are passed over");
}

void a_throwing_sink_does_no_harm(StatusBench& bench)
{
    const auto store = bench.store();
    const auto folder = store->open("INBOX");
    put(*folder, every_kind());
    Thrower thrower;
    require_error(
        Errc::cancelled, "load() into a sink that throws", [&] { folder->load(thrower); });
    const MessageId one {"1"};
    require_error(Errc::cancelled, "find() into a sink that throws", [&] {
        folder->find(std::span(&one, 1), thrower);
    });
    folder->apply({.put = {}, .erase = std::span(&one, 1)});
    require(
        folder->size() == every_kind().size() - 1, "the folder works on after a sink that threw");
}

void folders_are_apart(StatusBench& bench)
{
    const auto store = bench.store();
    const std::vector<std::string> names {"A b", "INBOX", "INBOX.sub", "\xc3\xa4.&-"};
    for (const std::string& name : names)
        put(*store->open(name), {plain(std::to_string(name.size()))});
    auto listed = store->folders();
    std::sort(listed.begin(), listed.end());
    require(listed == names, "folders() lists the folders that have records");
    for (const std::string& name : names)
        require(
            all(*store->open(name)) == std::vector {plain(std::to_string(name.size()))},
            "a folder keeps its own records");
}

void erase_forgets_a_folder(StatusBench& bench)
{
    const std::vector<Note> notes {{"INBOX", "token", "1"}, {"Work", "token", "2"}};
    {
        const auto store = bench.store();
        put(*store->open("INBOX"), every_kind());
        put(*store->open("Work"), {plain("1")});
        store->put(notes);
        store->erase("INBOX");
        store->erase("INBOX");
        store->erase("nowhere");
    }
    const auto store = bench.store();
    require(store->folders() == std::vector<std::string> {"Work"}, "erase() forgets the folder");
    require(store->notes() == std::vector {notes[1]}, "erase() forgets the folder's notes alone");
    require(store->open("INBOX")->size() == 0, "an erased folder is empty when opened again");
}

void notes_survive_a_reopen(StatusBench& bench)
{
    const std::vector<Note> first {
        {"INBOX", "token", std::string("a\0\n\xff", 4)},
        {"INBOX", "upload 1", std::string(100'000, 'x')},
        {"Work", "token", "1"}};
    const std::vector<Note> second {
        {"INBOX", "upload 1", ""}, {"Work", "token", "2"}, {"x", "y", ""}};
    {
        const auto store = bench.store();
        store->put(first);
        store->put(second);
        store->put({});
    }
    auto kept = bench.store()->notes();
    std::sort(kept.begin(), kept.end(), [](auto& a, auto& b) { return a.folder < b.folder; });
    require(kept == std::vector {first[0], second[1]}, "put() adds, replaces and removes notes");
}

void names_cannot_lead_elsewhere(StatusBench& bench)
{
    const auto store = bench.store();
    for (const char* name : {"", ".", "..", "../x", "a/b"}) {
        try {
            store->open(name);
        } catch (const Error&) {
            continue;
        }
        throw Broken("open() must refuse the name \"" + std::string(name) + '"');
    }
}

void a_large_batch(StatusBench& bench)
{
    const auto store = bench.store();
    const auto folder = store->open("INBOX");
    std::vector<Record> records;
    std::vector<MessageId> ids;
    for (int id = 1; id <= 20'000; ++id) {
        records.push_back(plain(std::to_string(id)));
        if (id % 2 == 0) ids.push_back(records.back().right);
    }
    put(*folder, records);
    require(all(*folder) == records, "a large batch is kept");
    require(found(*folder, ids).size() == ids.size(), "find() takes many ids");
    folder->apply({.put = {}, .erase = ids});
    require(folder->size() == records.size() - ids.size(), "apply() erases many");
}

void work_in_a_thread(StatusStore& store, const std::string& name)
{
    const auto folder = store.open(name);
    for (int id = 1; id <= 25; ++id) {
        put(*folder, {plain(std::to_string(id))});
        const Note note {name, "token", std::to_string(id)};
        store.put(std::span(&note, 1));
        require(!store.notes().empty(), "notes are there while other threads write");
    }
}

void threads_may_share_a_store(StatusBench& bench)
{
    const auto store = bench.store();
    {
        std::vector<std::jthread> threads;
        for (const char* name : {"a", "b", "c", "d"})
            threads.emplace_back([&store, name] { work_in_a_thread(*store, name); });
    }
    require(store->notes().size() == 4, "every thread's note is kept");
    require(store->folders().size() == 4, "every thread's folder is kept");
    require(store->open("d")->size() == 25, "every thread's records are kept");
}

constexpr StatusCheck checks[] = {
    {"records_survive_a_reopen", records_survive_a_reopen},
    {"load_is_ordered", load_is_ordered},
    {"a_new_folder_is_empty", a_new_folder_is_empty},
    {"find_passes_over_unknown_ids", find_passes_over_unknown_ids},
    {"put_replaces", put_replaces},
    {"erase_is_before_put", erase_is_before_put},
    {"a_throwing_sink_does_no_harm", a_throwing_sink_does_no_harm},
    {"folders_are_apart", folders_are_apart},
    {"erase_forgets_a_folder", erase_forgets_a_folder},
    {"notes_survive_a_reopen", notes_survive_a_reopen},
    {"names_cannot_lead_elsewhere", names_cannot_lead_elsewhere},
    {"a_large_batch", a_large_batch},
    {"threads_may_share_a_store", threads_may_share_a_store},
    {"second_process_is_busy", second_process_is_busy},
    {"apply_survives_a_kill", apply_survives_a_kill},
    {"put_survives_a_kill", put_survives_a_kill},
};

}  // namespace

std::span<const StatusCheck> status_checks()
{
    return checks;
}

}  // namespace offlineimap::testkit
