// SPDX-License-Identifier: Apache-2.0
#include "mark_migration.hpp"

#include "md5.hpp"
#include "text.hpp"

#include <fcntl.h>

#include <filesystem>
#include <string>
#include <vector>

namespace offlineimap::maildir {
namespace {

/// The names in new/ or cur/ that bear `mark`.
std::vector<std::string> names_with(const std::filesystem::path& directory, const std::string& mark)
{
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.find(mark) != std::string::npos) names.push_back(name);
    }
    return names;
}

}  // namespace

std::uint64_t
migrate_marks(FolderTree& tree, const Options& options, Doing doing, const Cancel& cancel)
{
    std::uint64_t count = 0;
    for (const FolderInfo& info : tree.discover()) {
        const Folder& folder = tree.at(info.index);
        const std::string old_mark = concat(",FMD5=", md5_hex(folder.name));
        const std::string new_mark = concat(",FMD5=", folder.md5);
        if (old_mark == new_mark) continue;
        for (const char* below : {"new", "cur"}) {
            const auto directory = options.root / folder.name / below;
            for (const std::string& name : names_with(directory, old_mark)) {
                cancel.check();
                ++count;
                if (doing == Doing::nothing) continue;
                std::string renamed = name;
                renamed.replace(name.find(old_mark), old_mark.size(), new_mark);
                const int error = rename_file(
                    AT_FDCWD, (directory / name).string(), AT_FDCWD,
                    (directory / renamed).string());
                if (error != 0)
                    throw system_error(
                        error, Scope::repository, concat("rename ", (directory / name).string()));
            }
        }
    }
    return count;
}

}  // namespace offlineimap::maildir
