// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <thread>

namespace offlineimap::core {

/// Numbers for the threads that do something: small ones, used again when a thread has ended, so
/// that a light in an interface stays where it is. One thread at a time.
class WorkerNumbers {
public:
    /// Of the calling thread; 0: it does nothing for an account, as the main thread.
    std::uint32_t of_this_thread(std::string_view account);
    /// The calling thread has nothing more to do. Its number, 0 if it had none.
    std::uint32_t release();

private:
    std::uint32_t lowest_free() const;

    std::map<std::thread::id, std::uint32_t> numbers_;
};

}  // namespace offlineimap::core
