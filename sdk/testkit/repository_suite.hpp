// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <offlineimap/repository.hpp>
#include <span>

namespace offlineimap::testkit {

/// A repository plugin under test and a place for it to keep mail. Checks that make folders give
/// them names of their own and remove them again.
class RepositoryBench {
public:
    virtual ~RepositoryBench() = default;
    /// A new one over the same place, as another run of the program makes it.
    virtual std::unique_ptr<Repository> repository() = 0;
};

enum class Harm : std::uint8_t {
    none,   ///< only looks
    writes  ///< makes and removes folders and messages of its own
};

/// One promise of <offlineimap/repository.hpp>. `run` throws Broken when it is not kept.
struct RepositoryCheck {
    const char* name;
    Harm harm;
    void (*run)(RepositoryBench&);
};

[[nodiscard]] std::span<const RepositoryCheck> repository_checks();

}  // namespace offlineimap::testkit
