// SPDX-License-Identifier: Apache-2.0
#include "threads.hpp"

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace offlineimap::sync {

void run_side_by_side(
    std::size_t count, const std::function<void(std::size_t)>& work,
    const std::function<void()>& at_end)
{
    std::exception_ptr first;
    std::mutex mutex;
    const auto guarded = [&](std::size_t i) {
        try {
            work(i);
        } catch (...) {
            const std::lock_guard lock(mutex);
            if (!first) first = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i + 1 < count; ++i)
            threads.emplace_back([&, i] {
                guarded(i);
                if (at_end) at_end();
            });
        if (count > 0) guarded(count - 1);
    }
    if (first) std::rethrow_exception(first);
}

}  // namespace offlineimap::sync
