// SPDX-License-Identifier: Apache-2.0
#include "file_notes.hpp"

#include "core/text/strings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace offlineimap::core {

FileNotes::FileNotes(const std::filesystem::path& directory, sync::Both<Repository*> repositories)
    : file_(directory / "changes")
{
    for (const auto side : sync::both_sides)
        if (void* facet = repositories[side]->facet(FileChanges::facet_name))
            noting_.push_back(static_cast<FileChanges*>(facet));
    if (noting_.empty()) return;
    const int made = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (made < 0)
        throw Error(Errc::io, concat("make ", file_.string(), ": ", std::strerror(errno)));
    ::close(made);
    for (auto* repository : noting_)
        repository->note_in(file_);
}

FileNotes::~FileNotes()
{
    static_cast<void>(finish());
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

std::filesystem::path FileNotes::finish()
{
    bool complete = !noting_.empty();
    for (auto* repository : noting_)
        complete = repository->end_of_notes() && complete;
    noting_.clear();
    return complete ? file_ : std::filesystem::path();
}

}  // namespace offlineimap::core
