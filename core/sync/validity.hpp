// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace offlineimap::sync {

/// Whether what is written survives a power failure at once.
enum class Flush : std::uint8_t { no, yes };

/// The epochs (UIDVALIDITY) of one repository's folders, one small file each as the original keeps
/// them: <metadata>/Repository-<name>/FolderValidity/<folder>. One thread at a time.
class FolderValidity {
public:
    /// `state` is the repository's directory in the metadata tree. `kind`: other numbers of folders
    /// are kept in the same way.
    explicit FolderValidity(
        const std::filesystem::path& state, Flush flush = Flush::yes,
        const char* kind = "FolderValidity");

    /// Empty when none is kept. Throws io, corrupt.
    std::string load(const std::string& folder) const;
    /// Saves it if it is another one. Throws io.
    void keep(const std::string& folder, const std::string& epoch) const
    {
        if (load(folder) != epoch) save(folder, epoch);
    }
    /// Replaces the file as a whole. Throws io.
    void save(const std::string& folder, const std::string& epoch) const;

private:
    std::filesystem::path file(const std::string& folder) const;
    std::filesystem::path directory_;
    Flush flush_;
};

}  // namespace offlineimap::sync
