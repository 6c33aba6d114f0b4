// SPDX-License-Identifier: Apache-2.0
#include "tracer.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace offlineimap::core {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void fail(const char* tried, const std::filesystem::path& path)
{
    throw Error(
        Errc::config,
        concat(tried, " ", path.string(), ": ", std::generic_category().message(errno)));
}

std::int64_t microseconds(Tracer::Clock::duration time)
{
    return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

}  // namespace

Tracer::Tracer(std::filesystem::path directory, Clean clean)
    : directory_(std::move(directory)), clean_(std::move(clean))
{
    if (::mkdir(directory_.c_str(), 0700) != 0) fail("make the directory for -P", directory_);
    trace_ = create("trace.json");
    std::fputs("[\n", trace_.get());
}

Tracer::File Tracer::create(const char* name) const
{
    const auto path = directory_ / name;
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) fail("create", path);
    return File(::fdopen(fd, "w"));
}

Tracer::~Tracer()
{
    try {
        add("program", "run", start_);
        std::fputs("{}]\n", trace_.get());
        write_summary();
    } catch (const std::exception&) {
        // A trace without its summary is still a trace.
    }
}

void Tracer::span(
    std::string_view category, std::string_view what, Clock::time_point begin) noexcept
{
    try {
        add(category, clean_ ? clean_(what) : std::string(what), begin);
    } catch (const std::exception&) {
        return;  // no memory for it: the work is more important
    }
}

void Tracer::add(std::string_view category, std::string_view what, Clock::time_point begin)
{
    const auto took = Clock::now() - begin;
    const Json event {
        {"name", what},
        {"cat", category},
        {"ph", "X"},
        {"ts", microseconds(begin - start_)},
        {"dur", microseconds(took)},
        {"pid", ::getpid()},
        {"tid", ::syscall(SYS_gettid)}};
    const std::string line = event.dump(-1, ' ', false, Json::error_handler_t::replace) + ",\n";
    const std::lock_guard lock(mutex_);
    std::fputs(line.c_str(), trace_.get());
    Total& total = totals_[{std::string(category), std::string(what)}];
    ++total.count;
    total.sum += took;
    total.longest = std::max(total.longest, took);
}

void Tracer::write_summary() const
{
    std::vector<std::pair<std::pair<std::string, std::string>, Total>> totals(
        totals_.begin(), totals_.end());
    std::stable_sort(totals.begin(), totals.end(), [](const auto& a, const auto& b) {
        return a.second.sum > b.second.sum;
    });
    const File file = create("summary.txt");
    std::fprintf(file.get(), "%12s %12s %9s  %s\n", "total ms", "longest ms", "count", "what");
    for (const auto& [name, total] : totals)
        std::fprintf(
            file.get(), "%12.1f %12.1f %9llu  %s: %s\n",
            static_cast<double>(microseconds(total.sum)) / 1000,
            static_cast<double>(microseconds(total.longest)) / 1000,
            static_cast<unsigned long long>(total.count), name.first.c_str(), name.second.c_str());
}

}  // namespace offlineimap::core
