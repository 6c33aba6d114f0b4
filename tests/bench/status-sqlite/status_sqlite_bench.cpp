// SPDX-License-Identifier: Apache-2.0
#include "status-sqlite/folder.hpp"
#include "status-sqlite/notes.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace offlineimap::status_sqlite {
namespace {

constexpr std::size_t many = 1'000'000;

std::vector<Record> records(std::size_t first, std::size_t count)
{
    std::vector<Record> list(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string id = std::to_string(first + i);
        list[i] = {{id}, {id}, {Flag::seen}, {}, {}};
        if (i % 10 == 0) list[i].flags.add(Flag::answered);
    }
    return list;
}

struct Counter final : RecordSink {
    std::size_t count = 0, bytes = 0;
    void record(const Record& record) override
    {
        ++count;
        bytes += record.right.value.size();
    }
};

/// A directory with a folder of a million records, made once.
class Stage {
public:
    static Stage& shared()
    {
        static Stage stage;
        return stage;
    }
    std::filesystem::path path(const char* name) const { return directory_ / name; }
    SqliteFolder open(const char* name, Durability durability = Durability::unflushed) const
    {
        return {path(name), {.name = name, .scope = Scope::folder}, durability, letters_};
    }
    ~Stage() { std::filesystem::remove_all(directory_); }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

private:
    Stage()
    {
        std::string name = (std::filesystem::temp_directory_path() / "bench-XXXXXX").string();
        directory_ = mkdtemp(name.data());
        const auto list = records(1, many);
        open("big").apply({.put = list, .erase = {}});
    }

    std::filesystem::path directory_;
    Letters letters_;
};

void load_a_million(benchmark::State& state)
{
    auto folder = Stage::shared().open("big");
    for (auto _ : state) {
        Counter counter;
        folder.load(counter);
        if (counter.count != many) state.SkipWithError("records are missing");
    }
}
BENCHMARK(load_a_million)->Unit(benchmark::kMillisecond);

void store_a_million(benchmark::State& state)
{
    const auto list = records(1, many);
    for (auto _ : state) {
        std::filesystem::remove(Stage::shared().path("new"));
        Stage::shared().open("new").apply({.put = list, .erase = {}});
    }
    std::filesystem::remove(Stage::shared().path("new"));
}
BENCHMARK(store_a_million)->Unit(benchmark::kMillisecond);

void find_a_thousand_of_a_million(benchmark::State& state)
{
    auto folder = Stage::shared().open("big");
    std::vector<MessageId> ids;
    for (std::size_t i = 0; i < 1000; ++i)
        ids.push_back({std::to_string(1 + i * 997)});
    for (auto _ : state) {
        Counter counter;
        folder.find(ids, counter);
        if (counter.count != ids.size()) state.SkipWithError("records are missing");
    }
}
BENCHMARK(find_a_thousand_of_a_million)->Unit(benchmark::kMillisecond);

void change_a_thousand_of_a_million(benchmark::State& state)
{
    const auto durability = state.range(0) != 0 ? Durability::flushed : Durability::unflushed;
    auto folder = Stage::shared().open("big", durability);
    auto list = records(500'000, 1000);
    for (auto _ : state) {
        for (Record& record : list)
            record.flags = record.flags.has(Flag::flagged) ? Set<Flag> {} : Set {Flag::flagged};
        folder.apply({.put = list, .erase = {}});
    }
}
BENCHMARK(change_a_thousand_of_a_million)
    ->ArgName("flushed")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond);

void open_a_folder(benchmark::State& state)
{
    Stage::shared().open("small").apply({.put = records(1, 10), .erase = {}});
    for (auto _ : state)
        benchmark::DoNotOptimize(Stage::shared().open("small").size());
}
BENCHMARK(open_a_folder)->Unit(benchmark::kMicrosecond);

/// What a run without news reads: every note of an account of 50 folders, file opened anew.
void nothing_changed(benchmark::State& state)
{
    const auto path = Stage::shared().path("notes");
    std::vector<Note> notes;
    for (int folder = 0; folder < 50; ++folder)
        for (const char* side : {"left", "right"})
            notes.push_back({"folder" + std::to_string(folder), side, "v1:1234567890:42:9876"});
    Notes(Durability::unflushed).put(path, notes);
    for (auto _ : state)
        if (Notes(Durability::unflushed).all(path).size() != notes.size())
            state.SkipWithError("notes are missing");
}
BENCHMARK(nothing_changed)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace offlineimap::status_sqlite
