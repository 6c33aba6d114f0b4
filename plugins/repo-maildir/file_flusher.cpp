// SPDX-License-Identifier: Apache-2.0
#include "file_flusher.hpp"

#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace offlineimap::maildir {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_workers = 8;
constexpr std::size_t most_open_files = 64;
/// A flush that takes longer than this is worth a thread.
constexpr auto cheap = 50us;

int flush(Descriptor& file) noexcept
{
    const int flushed = ::fsync(file.get()) == 0 ? 0 : errno;
    const int closed = file.close();
    return flushed != 0 ? flushed : closed;
}

}  // namespace

FileFlusher::~FileFlusher()
{
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    changed_.notify_all();
    workers_.clear();
}

void FileFlusher::add(Descriptor file)
{
    if (!threaded_) {
        // Without threads there is nobody to share the list with.
        errors_.push_back(flush_timed(file));
        threaded_ = needs_threads();
        return;
    }
    std::size_t index = 0;
    {
        const std::lock_guard lock(mutex_);
        index = errors_.size();
        errors_.push_back(0);
    }
    hand_over({index, std::move(file)});
}

std::vector<int> FileFlusher::finish()
{
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return pending_ == 0; });
    return std::exchange(errors_, {});
}

int FileFlusher::flush_timed(Descriptor& file)
{
    const auto begun = std::chrono::steady_clock::now();
    const int error = flush(file);
    spent_ += std::chrono::steady_clock::now() - begun;
    ++timed_;
    return error;
}

bool FileFlusher::needs_threads() const noexcept
{
    return spent_ > patience_ + cheap * timed_;
}

void FileFlusher::hand_over(Job job)
{
    if (workers_.size() < most_workers) add_worker();
    if (workers_.empty()) {
        const int error = flush(job.file);
        errors_[job.index] = error;
        return;
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return pending_ < most_open_files; });
    jobs_.push_back(std::move(job));
    ++pending_;
    lock.unlock();
    changed_.notify_all();
}

/// Fewer threads than wished for, or none, only make it slower.
void FileFlusher::add_worker() noexcept
try {
    workers_.reserve(most_workers);
    workers_.emplace_back([this]() noexcept { work(); });
} catch (const std::exception&) {
    return;
}

void FileFlusher::work() noexcept
{
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return over_ || !jobs_.empty(); });
        if (jobs_.empty()) return;
        Job job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        const int error = flush(job.file);
        lock.lock();
        errors_[job.index] = error;
        --pending_;
        changed_.notify_all();
    }
}

}  // namespace offlineimap::maildir
