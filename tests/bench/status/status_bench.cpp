// SPDX-License-Identifier: Apache-2.0
#include "status-lmdb/store.hpp"
#include "status-plain/store.hpp"
#include "status-sqlite/store.hpp"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

// The three status stores side by side, through the interface that the core uses. Each iteration
// opens the store anew, as a run does. On the disk of TMPDIR.

namespace offlineimap {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t many = 1'000'000;

struct BenchSettings final : Settings {
    bool flush = false;
    std::string text(std::string_view) const override { return {}; }
    std::int64_t number(std::string_view) const override { return 0; }
    bool flag(std::string_view) const override { return flush; }
    std::vector<std::string> list(std::string_view) const override { return {}; }
    bool has(std::string_view) const noexcept override { return false; }
    std::string where(std::string_view) const override { return {}; }
};

struct BenchHost final : Host {
    BenchSettings values;
    fs::path directory;
    const Settings& settings() const noexcept override { return values; }
    bool logs(Level) const noexcept override { return false; }
    void log(Level, std::string_view) noexcept override { }
    std::string secret(std::string_view, std::string_view, bool) override { return {}; }
    bool confirm(std::string_view, bool otherwise) override { return otherwise; }
    fs::path state_dir() const override { return directory; }
};

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

/// An account of one kind of store with a folder of a million messages, made once.
template <class Store> class Stage {
public:
    static Stage& shared()
    {
        static Stage stage;
        return stage;
    }
    Store store(bool flush = false)
    {
        host_.values.flush = flush;
        return Store(host_);
    }
    const fs::path& directory() const { return host_.directory; }
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;
    ~Stage() { fs::remove_all(host_.directory); }

private:
    Stage()
    {
        std::string name = (fs::temp_directory_path() / "bench-XXXXXX").string();
        host_.directory = mkdtemp(name.data());
        Store made(host_);
        const auto list = records(1, many);
        made.open("big")->apply({.put = list, .erase = {}});
        std::vector<Note> notes;
        for (int folder = 0; folder < 50; ++folder)
            for (const char* side : {"left.token", "right.token"})
                notes.push_back({"folder" + std::to_string(folder), side, "v1:1234567890:42:9876"});
        made.put(notes);
    }
    BenchHost host_;
};

template <class Store> void store_a_million(benchmark::State& state)
{
    const auto list = records(1, many);
    for (auto _ : state) {
        auto store = Stage<Store>::shared().store();
        store.open("new")->apply({.put = list, .erase = {}});
        state.PauseTiming();
        store.erase("new");
        state.ResumeTiming();
    }
}

template <class Store> void load_a_million(benchmark::State& state)
{
    for (auto _ : state) {
        auto store = Stage<Store>::shared().store();
        Counter counter;
        store.open("big")->load(counter);
        if (counter.count != many) state.SkipWithError("records are missing");
    }
}

template <class Store> void find_a_thousand_of_a_million(benchmark::State& state)
{
    std::vector<MessageId> ids;
    for (std::size_t i = 0; i < 1000; ++i)
        ids.push_back({std::to_string(1 + i * 997)});
    for (auto _ : state) {
        auto store = Stage<Store>::shared().store();
        Counter counter;
        store.open("big")->find(ids, counter);
        if (counter.count != ids.size()) state.SkipWithError("records are missing");
    }
}

/// In so many batches.
template <class Store> void change_a_thousand_of_a_million(benchmark::State& state)
{
    const auto batches = static_cast<std::size_t>(state.range(0));
    auto list = records(500'000, 1000);
    for (auto _ : state) {
        auto store = Stage<Store>::shared().store(state.range(1) != 0);
        const auto folder = store.open("big");
        for (Record& record : list)
            record.flags = record.flags.has(Flag::flagged) ? Set<Flag> {} : Set {Flag::flagged};
        const std::size_t size = list.size() / batches;
        for (std::size_t at = 0; at < list.size(); at += size)
            folder->apply({.put = std::span(list).subspan(at, size), .erase = {}});
    }
}

template <class Store> void change_ten_of_a_thousand(benchmark::State& state)
{
    Stage<Store>::shared().store().open("small")->apply({.put = records(1, 1000), .erase = {}});
    auto list = records(500, 10);
    for (auto _ : state) {
        auto store = Stage<Store>::shared().store(state.range(0) != 0);
        for (Record& record : list)
            record.flags = record.flags.has(Flag::flagged) ? Set<Flag> {} : Set {Flag::flagged};
        store.open("small")->apply({.put = list, .erase = {}});
    }
}

/// What a run without news reads: every note of an account of 50 folders.
template <class Store> void nothing_changed(benchmark::State& state)
{
    auto& stage = Stage<Store>::shared();
    for (auto _ : state)
        if (stage.store().notes().size() != 100) state.SkipWithError("notes are missing");
}

template <class Store> void add_benchmarks(const std::string& name)
{
    const auto add = [&](const char* what, void (*run)(benchmark::State&)) {
        return benchmark::RegisterBenchmark((std::string(what) + "/" + name).c_str(), run)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
    };
    add("nothing_changed", nothing_changed<Store>)->Unit(benchmark::kMicrosecond);
    add("load_a_million", load_a_million<Store>);
    add("find_a_thousand_of_a_million", find_a_thousand_of_a_million<Store>);
    add("change_a_thousand_of_a_million", change_a_thousand_of_a_million<Store>)
        ->ArgNames({"batches", "fsync"})
        ->Args({1, 0})
        ->Args({1, 1})
        ->Args({100, 1});
    add("change_ten_of_a_thousand", change_ten_of_a_thousand<Store>)
        ->ArgName("fsync")
        ->Arg(0)
        ->Arg(1);
    add("store_a_million", store_a_million<Store>);
}

}  // namespace
}  // namespace offlineimap

int main(int count, char** arguments)
{
    using namespace offlineimap;
    add_benchmarks<status_sqlite::SqliteStore>("sqlite");
    add_benchmarks<status_plain::PlainStore>("plain");
    add_benchmarks<status_lmdb::LmdbStore>("lmdb");
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
}
