// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sync/side.hpp"

#include <offlineimap/facets.hpp>
#include <offlineimap/repository.hpp>

#include <filesystem>
#include <vector>

namespace offlineimap::core {

/// A file in which the repositories of an account note what they do to their files, as FileChanges
/// tells; removed at the end.
class FileNotes {
public:
    /// The file is made in `directory`. Throws io.
    FileNotes(const std::filesystem::path& directory, sync::Both<Repository*> repositories);
    FileNotes(const FileNotes&) = delete;
    FileNotes& operator=(const FileNotes&) = delete;
    ~FileNotes();

    /// The file with all notes; empty where no repository has files, or where it is not complete:
    /// then the reader has to look for itself.
    std::filesystem::path finish();

private:
    std::filesystem::path file_;
    std::vector<FileChanges*> noting_;
};

}  // namespace offlineimap::core
