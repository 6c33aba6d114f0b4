// SPDX-License-Identifier: Apache-2.0
#include "parallel_flush.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <thread>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr std::size_t most_threads = 8;

}  // namespace

std::vector<int> flush_all(std::span<const int> descriptors)
{
    std::vector<int> errors(descriptors.size(), 0);
    std::atomic<std::size_t> next = 0;
    const auto work = [&]() noexcept {
        for (std::size_t i = next++; i < descriptors.size(); i = next++)
            if (::fsync(descriptors[i]) != 0) errors[i] = errno;
    };
    const std::size_t threads = std::min(most_threads, descriptors.size() / 2);
    std::vector<std::jthread> others;
    others.reserve(threads);
    for (std::size_t i = 1; i < threads; ++i)
        others.emplace_back(work);
    work();
    others.clear();  // waits for them
    return errors;
}

}  // namespace offlineimap::maildir
