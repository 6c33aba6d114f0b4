// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "posix.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace offlineimap::maildir {

/// Flushes and closes files while their writer goes on with the next ones: a disk does many at once
/// for little more than one, and the mail keeps coming meanwhile. Where a flush costs next to
/// nothing (memory, a controller with a battery) it is done at once, since threads would cost more.
/// For one thread; at most 64 files are open in it.
class FileFlusher {
public:
    using Duration = std::chrono::steady_clock::duration;

    /// `patience`: how much longer than cheap flushes the first ones may take before there are
    /// threads. One slow flush says nothing yet.
    explicit FileFlusher(Duration patience = std::chrono::milliseconds(2)) noexcept
        : patience_(patience)
    {
    }
    FileFlusher(const FileFlusher&) = delete;
    FileFlusher& operator=(const FileFlusher&) = delete;
    /// Waits for the files that it still has.
    ~FileFlusher();

    /// Takes a file whose text is complete. Waits while it has 64 of them.
    void add(Descriptor file);
    /// Waits for all. Returns for each file since the last call, in the order of add(), 0 or the
    /// error number.
    [[nodiscard]] std::vector<int> finish();

private:
    struct Job {
        std::size_t index = 0;
        Descriptor file;
    };

    [[nodiscard]] int flush_timed(Descriptor& file);
    [[nodiscard]] bool needs_threads() const noexcept;
    void hand_over(Job job);
    void add_worker() noexcept;
    void work() noexcept;

    const Duration patience_;
    Duration spent_ {};      ///< on files flushed at once
    std::size_t timed_ = 0;  ///< how many those were
    bool threaded_ = false;

    std::mutex mutex_;  ///< for what follows, apart from workers_
    std::condition_variable changed_;
    std::vector<int> errors_;
    std::deque<Job> jobs_;
    std::size_t pending_ = 0;  ///< jobs that are waiting or under way
    bool over_ = false;
    std::vector<std::jthread> workers_;  ///< last: they end before the rest goes
};

}  // namespace offlineimap::maildir
