// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace offlineimap::core {

/// Where the time of a run went: `trace.json` for Perfetto or chrome://tracing, a line of spans for
/// each thread, and `summary.txt`, what took longest first. Thread-safe.
class Tracer {
public:
    using Clock = std::chrono::steady_clock;

    using Clean = std::function<std::string(std::string_view)>;

    /// Makes the directory, which must not exist. `clean` takes secrets out of what is written.
    /// Throws config.
    explicit Tracer(std::filesystem::path directory, Clean clean = {});
    Tracer(const Tracer&) = delete;
    Tracer& operator=(const Tracer&) = delete;
    ~Tracer();  ///< writes the summary

    /// Something of `category` took from `begin` until now on this thread.
    void span(std::string_view category, std::string_view what, Clock::time_point begin) noexcept;

private:
    struct Total {
        std::uint64_t count = 0;
        Clock::duration sum {}, longest {};
    };
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    using File = std::unique_ptr<std::FILE, Close>;
    File create(const char* name) const;
    void add(std::string_view category, std::string_view what, Clock::time_point begin);
    void write_summary() const;

    const std::filesystem::path directory_;
    const Clean clean_;
    const Clock::time_point start_ = Clock::now();
    std::mutex mutex_;
    File trace_;
    std::map<std::pair<std::string, std::string>, Total> totals_;
};

}  // namespace offlineimap::core
