// SPDX-License-Identifier: Apache-2.0
#include "repo-maildir/line_ends.hpp"
#include "repo-maildir/option_table.hpp"
#include "repo-maildir/repository.hpp"
#include "testkit/check.hpp"
#include "testkit/collect.hpp"
#include "testkit/test_cancel.hpp"
#include "testkit/test_host.hpp"

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <string>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr Component component =
    offlineimap::component<MaildirRepository>("maildir", "", option_table);

std::string text_with(std::string_view line_end, std::size_t size)
{
    std::string text;
    while (text.size() < size)
        text.append("a line of a letter, as long as the lines of letters are as a rule")
            .append(line_end);
    return text;
}

void wire_to_disk(benchmark::State& state)
{
    const std::string text = text_with("\r\n", 14'000);
    std::string out;
    for ([[maybe_unused]] auto turn : state) {
        out.clear();
        ToLf convert;
        convert.convert(text, out);
        convert.finish(out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(wire_to_disk);

void disk_to_wire(benchmark::State& state)
{
    const std::string text = text_with("\n", 14'000);
    std::string out;
    for ([[maybe_unused]] auto turn : state) {
        out.clear();
        ToCrlf convert;
        convert.convert(text, out);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(disk_to_wire);

void size_on_the_wire(benchmark::State& state)
{
    const std::string text = text_with("\n", 14'000);
    for ([[maybe_unused]] auto turn : state) {
        BareLineFeeds bare;
        bare.count(text);
        benchmark::DoNotOptimize(bare.total());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(size_on_the_wire);

/// A Maildir with one folder; on which disk, TMPDIR says.
struct Maildir {
    explicit Maildir(const char* fsync)
        : host(component, place.path(), {{"localfolders", place.path() / "mail"}, {"fsync", fsync}})
        , repository(host)
        , session(repository.connect(cancel))
        , folder(session->create_folder({"INBOX"}).index)
    {
    }
    testkit::TemporaryDirectory place;
    testkit::TestHost host;
    testkit::TestCancel cancel;
    MaildirRepository repository;
    std::unique_ptr<Session> session;
    FolderIndex folder;
};

void store_messages(benchmark::State& state, const char* fsync, std::size_t count)
{
    const std::string text = text_with("\r\n", 13'800);
    for ([[maybe_unused]] auto turn : state) {
        state.PauseTiming();
        auto maildir = std::make_unique<Maildir>(fsync);
        state.ResumeTiming();
        testkit::StoreCollector sink(count);
        const auto appender = maildir->session->append(sink);
        Message message;
        message.received = std::chrono::sys_seconds(std::chrono::seconds(1'000'000'000));
        for (std::size_t i = 0; i < count; ++i) {
            message.id.value = std::to_string(i + 1);
            testkit::store(*appender, i, maildir->folder, message, text);
            if (i % 1000 == 999) appender->finish();
        }
        appender->finish();
        state.PauseTiming();
        maildir.reset();
        state.ResumeTiming();
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size() * count));
}
BENCHMARK_CAPTURE(store_messages, unflushed, "no", 20'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(store_messages, flushed, "yes", 1'000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

struct Counter final : ChangeSink {
    void begin(FolderIndex, const FolderState&, Coverage) override { }
    void changed(const Message&) override { ++count; }
    void vanished(const MessageId&) override { }
    void present(const MessageId&) override { }
    void end(FolderIndex, std::string) override { }
    void failed(FolderIndex, const Error& why) override { throw why; }
    std::size_t count = 0;
};

void list_names(benchmark::State& state)
{
    Maildir maildir("no");
    const std::string cur = maildir.place.path() / "mail" / "INBOX" / "cur";
    for (int i = 1; i <= 100'000; ++i) {
        const std::string name = cur + "/1795327716_" + std::to_string(i)
            + ".17547.host,U=" + std::to_string(i) + ",FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,S";
        ::close(::open(name.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    }
    ::usleep(100'000);
    const ChangeRequest request {maildir.folder, {}, {}, {}};
    for ([[maybe_unused]] auto turn : state) {
        Counter sink;
        maildir.session->changes({&request, 1}, sink);
        if (sink.count != 100'000) state.SkipWithError("messages are missing");
    }
    state.SetItemsProcessed(state.iterations() * 100'000);
}
BENCHMARK(list_names)->Unit(benchmark::kMillisecond);

void read_messages(benchmark::State& state)
{
    Maildir maildir("no");
    const std::string text = text_with("\r\n", 13'800);
    testkit::StoreCollector stored(2000);
    const auto appender = maildir.session->append(stored);
    std::vector<MessageRef> refs;
    for (std::size_t i = 0; i < 2000; ++i) {
        Message message;
        message.id.value = std::to_string(i + 1);
        refs.push_back({maildir.folder, message.id});
        testkit::store(*appender, i, maildir.folder, message, text);
    }
    appender->finish();
    for ([[maybe_unused]] auto turn : state) {
        testkit::TextCollector sink(refs.size(), 1);
        maildir.session->fetch(refs, Part::whole, sink);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size() * 2000));
}
BENCHMARK(read_messages)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace offlineimap::maildir
