// SPDX-License-Identifier: Apache-2.0
#include "protocol/parser.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <string>

namespace {

using namespace offlineimap::imap;

/// Looks at what it gets, so that nothing is optimised away.
class Counter final : public ResponseSink {
public:
    std::uint64_t sum = 0;

    void tagged(std::string_view, const StatusResponse&) override { ++sum; }
    void untagged(const StatusResponse&) override { ++sum; }
    void continuation(std::string_view) override { ++sum; }
    void capability(std::string_view) override { ++sum; }
    void enabled(std::string_view) override { ++sum; }
    void server_id(const NamedValues&) override { ++sum; }
    void trace(std::string_view) override { ++sum; }
    void fetched(const FetchItems& items) override
    {
        sum += items.uid.value_or(0) + items.flags.flags.bits();
    }
    void text(offlineimap::Bytes bytes) override { sum += bytes.size(); }
};

std::string flag_lines()
{
    std::string lines;
    for (int i = 1; i <= 20'000; ++i)
        lines += "* " + std::to_string(i) + " FETCH (UID " + std::to_string(i * 3)
            + (i % 3 == 0 ? " FLAGS ()" : " FLAGS (\\Seen \\Answered)") + " MODSEQ ("
            + std::to_string(i + 100'000) + "))\r\n";
    return lines;
}

std::string texts(std::size_t size)
{
    std::string lines;
    for (std::size_t i = 1; i <= std::max<std::size_t>(1, 4'000'000 / size); ++i)
        lines += "* 1 FETCH (UID " + std::to_string(i)
            + " FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {"
            + std::to_string(size) + "}\r\n" + std::string(size, 'x') + ")\r\n";
    return lines;
}

void parse(benchmark::State& state, const std::string& input)
{
    constexpr std::size_t piece = 65536;
    Counter counter;
    for (auto _ : state) {
        Parser parser(counter);
        const auto bytes = std::as_bytes(std::span(input));
        for (std::size_t at = 0; at < bytes.size(); at += piece)
            parser.feed(bytes.subspan(at, std::min(piece, bytes.size() - at)));
    }
    benchmark::DoNotOptimize(counter.sum);
    state.SetBytesProcessed(
        static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(input.size()));
}

void parse_flag_lines(benchmark::State& state)
{
    parse(state, flag_lines());
}
void parse_texts(benchmark::State& state)
{
    parse(state, texts(static_cast<std::size_t>(state.range(0))));
}

}  // namespace

BENCHMARK(parse_flag_lines);
BENCHMARK(parse_texts)->Arg(2'000)->Arg(20'000)->Arg(2'000'000);
