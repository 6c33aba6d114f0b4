// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

namespace offlineimap::sync {

/// Runs `work(0)` … `work(count - 1)` in threads of their own, the last one on this thread, and
/// waits for all. Each of the other threads calls `at_end` last. Then throws what the first one to
/// fail threw.
void run_side_by_side(
    std::size_t count, const std::function<void(std::size_t)>& work,
    const std::function<void()>& at_end = {});

}  // namespace offlineimap::sync
