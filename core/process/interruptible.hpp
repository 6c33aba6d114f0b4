// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <thread>
#include <utility>

namespace offlineimap::core {

/// Does `work` on a thread of its own, which is left behind on cancel (nullptr: never): nothing can
/// interrupt what waits in there, and the program is about to end. What the work needs it owns.
template <class Work> auto interruptible(const Cancel* cancel, Work work)
{
    std::packaged_task task(std::function(std::move(work)));
    auto result = task.get_future();
    std::thread(std::move(task)).detach();
    while (result.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready)
        if (cancel != nullptr) cancel->check();
    return result.get();
}

}  // namespace offlineimap::core
