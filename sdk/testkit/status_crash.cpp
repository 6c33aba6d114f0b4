// SPDX-License-Identifier: Apache-2.0
#include "status_crash.hpp"

#include "check.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace offlineimap::testkit {
namespace {

using namespace std::chrono_literals;

constexpr int rounds = 25;
constexpr int batch_size = 300;

/// A process that does `work` until it is killed, and reports numbers.
class Victim {
public:
    using Report = std::function<void(int)>;

    explicit Victim(const std::function<void(const Report&)>& work)
    {
        int ends[2];
        require(::pipe(ends) == 0, "a pipe can be made");
        input_ = ends[0];
        process_ = ::fork();
        require(process_ >= 0, "a process can be started");
        if (process_ == 0) live(work, ends[1]);
        ::close(ends[1]);
    }
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;
    ~Victim()
    {
        kill();
        ::close(input_);
    }

    /// Waits for the next report; nullopt: it died without.
    std::optional<int> next()
    {
        int number = 0;
        if (::read(input_, &number, sizeof number) != sizeof number) return std::nullopt;
        return number;
    }

    void kill()
    {
        if (process_ <= 0) return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        process_ = 0;
    }

    /// Everything that it had reported before it died.
    int last(int otherwise)
    {
        while (const auto number = next())
            otherwise = *number;
        return otherwise;
    }

private:
    [[noreturn]] static void live(const std::function<void(const Report&)>& work, int output)
    {
        try {
            work([output](int number) {
                if (::write(output, &number, sizeof number) != sizeof number) ::_exit(2);
            });
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }

    int input_ = -1;
    pid_t process_ = 0;
};

/// Every record of a version has the same two marks of it, so that a mixture shows.
std::vector<Record> version(int number)
{
    std::vector<Record> records;
    records.reserve(batch_size);
    for (int i = 0; i < batch_size; ++i) {
        const std::string id = std::to_string(1 + i * 7);
        Record record {{id}, {id}, {}, {"v" + std::to_string(number)}, {}};
        if (number % 2 != 0) record.flags.add(Flag::seen);
        records.push_back(std::move(record));
    }
    return records;
}

struct Collector final : RecordSink {
    std::vector<Record> records;
    void record(const Record& record) override { records.push_back(record); }
};

int found_version(StatusFolder& folder)
{
    Collector found;
    folder.load(found);
    if (found.records.empty()) return 0;
    require(found.records.front().keywords.size() == 1, "a record keeps its keywords over a kill");
    const int number = std::stoi(found.records.front().keywords.front().substr(1));
    require(found.records == version(number), "after a kill a batch is there as a whole or not");
    return number;
}

void write_versions(StatusBench& bench, int first, const Victim::Report& report)
{
    const auto store = bench.store();
    const auto folder = store->open("INBOX");
    report(first);
    for (int number = first + 1;; ++number) {
        const auto records = version(number);
        const MessageId old {"999999"};
        folder->apply({.put = records, .erase = std::span(&old, 1)});
        report(number);
    }
}

void write_notes(StatusBench& bench, int first, const Victim::Report& report)
{
    const auto store = bench.store();
    report(first);
    for (int number = first + 1;; ++number) {
        std::vector<Note> notes;
        notes.reserve(50);
        for (int i = 0; i < 50; ++i)
            notes.push_back({"folder" + std::to_string(i), "token", std::to_string(number)});
        store->put(notes);
        report(number);
    }
}

int found_notes(StatusStore& store)
{
    const auto notes = store.notes();
    if (notes.empty()) return 0;
    const bool whole = notes.size() == 50
        && std::all_of(notes.begin(), notes.end(),
                       [&](const Note& note) { return note.value == notes.front().value; });
    require(whole, "after a kill the notes of one put() are there as a whole or not");
    return std::stoi(notes.front().value);
}

/// `work` counts on from where `look` finds it. Killed ever later within its work.
void kill_often(
    const std::function<void(int, const Victim::Report&)>& work, const std::function<int()>& look)
{
    int known = 0;
    for (int round = 0; round < rounds; ++round) {
        Victim victim([&](const Victim::Report& report) { work(known, report); });
        require(victim.next().has_value(), "the store opens again after a kill");
        // However slow the machine is, some of its batches are done before it dies.
        if (round % 3 == 0) require(victim.next().has_value(), "a batch is written after a kill");
        std::this_thread::sleep_for(round * 170us);
        victim.kill();
        const int done = victim.last(round % 3 == 0 ? known + 1 : known);
        const int found = look();
        require(found >= done, "what was reported as done survives a kill");
        require(found <= done + 1, "nothing is there that was not written");
        known = found;
    }
}

}  // namespace

void apply_survives_a_kill(StatusBench& bench)
{
    kill_often(
        [&](int first, const Victim::Report& report) { write_versions(bench, first, report); },
        [&] { return found_version(*bench.store()->open("INBOX")); });
}

void put_survives_a_kill(StatusBench& bench)
{
    kill_often(
        [&](int first, const Victim::Report& report) { write_notes(bench, first, report); },
        [&] { return found_notes(*bench.store()); });
}

void second_process_is_busy(StatusBench& bench)
{
    const auto store = bench.store();
    {
        Victim victim([&](const Victim::Report& report) {
            const auto other = bench.store();
            const auto folder = other->open("INBOX");
            report(1);
            for (;;)
                ::pause();
        });
        require(victim.next().has_value(), "a folder opens");
        require_error(Errc::busy, "open() of a folder that another process has open", [&] {
            store->open("INBOX");
        });
        require(store->open("Work") != nullptr, "another folder is free");
    }
    require(store->open("INBOX") != nullptr, "the folder of a process that died is free");
}

}  // namespace offlineimap::testkit
