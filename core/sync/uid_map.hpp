// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/types.hpp>

#include <filesystem>
#include <map>
#include <string>

namespace offlineimap::sync {

/// The original's files UIDMapping/<folder> of a local side that gives ids itself: which id stands
/// for which id of the remote side. One thread at a time.
class UidMap {
public:
    /// `state`: the directory of the local repository.
    explicit UidMap(const std::filesystem::path& state);

    using LeftByRight = std::map<MessageId, MessageId>;
    /// Empty where there is no file. Throws corrupt, naming the line, and io.
    LeftByRight load(const std::string& folder) const;
    /// Leaves the file alone where it says the same already, and makes none that is empty. Ids that
    /// are no positive numbers are left out. Durable on return; under the original's lock. Throws
    /// io.
    void save(const std::string& folder, const LeftByRight& ids) const;
    /// Differs when somebody has written the file, or removed it.
    std::string stamp(const std::string& folder) const;

private:
    std::filesystem::path file(const std::string& folder) const;

    std::filesystem::path directory_;
};

}  // namespace offlineimap::sync
