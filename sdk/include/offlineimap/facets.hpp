// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "plugin.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Optional interfaces: what Interface::facet(T::facet_name) answers is a T*, or nullptr. It lives
// as long as the object that was asked.

namespace offlineimap {

/// Whether something is done, or only counted.
enum class Doing : std::uint8_t { nothing, it };

/// For a repository that writes names of folders into what it stores (Maildir: the mark FMD5 in the
/// names of files).
class FolderNaming {
public:
    static constexpr std::string_view facet_name = "offlineimap.folder-naming/1";

    using Naming = std::function<std::string(const std::string& name)>;
    /// `visible` tells the name that the user's nametrans gives to a folder's own name. Before the
    /// first connect(); the function may be called from any thread and may throw Error{config}.
    virtual void use_visible_names(Naming visible) = 0;
    /// Gives what was written under a folder's own name its visible one (mail of an OfflineIMAP
    /// before 6.3.5, or from before there was a nametrans). Returns how many messages that are.
    virtual std::uint64_t mark_anew(Doing doing, const Cancel& cancel) = 0;

protected:
    ~FolderNaming() = default;
};

/// For a session of a repository that keeps each message in a file of its own.
class MessageFiles {
public:
    static constexpr std::string_view facet_name = "offlineimap.message-files/1";

    /// The file of each message, in the same order; empty where the message is gone.
    virtual std::vector<std::filesystem::path> files(std::span<const MessageRef> messages) = 0;

protected:
    ~MessageFiles() = default;
};

/// For a repository whose folders are directories.
class FolderCase {
public:
    static constexpr std::string_view facet_name = "offlineimap.folder-case/1";

    /// Whether folders whose names differ in the case of letters alone would be one. Looks at the
    /// place itself, which may not be there yet.
    virtual bool folds_case() = 0;

protected:
    ~FolderCase() = default;
};

/// For a repository that keeps each message in a file of its own: notes what it does to them, for
/// programs that index the files.
class FileChanges {
public:
    static constexpr std::string_view facet_name = "offlineimap.file-changes/1";

    /// From here on, until the next call, each change is a line at the end of `file`, which exists:
    /// "added", "changed" (another name, which holds the flags), "moved" (to another folder) or
    /// "removed", a tab and the file's path; for the middle two another tab and its path before. A
    /// tab, line end or backslash in a path is written \t, \n, \\. An empty path: no more notes.
    /// What cannot be written is left out. While no session is used.
    virtual void note_in(const std::filesystem::path& file) = 0;
    /// Whether everything is in the file. Ends what note_in() began.
    virtual bool end_of_notes() = 0;

protected:
    ~FileChanges() = default;
};

/// For a session that can watch some folders only as others want it: it is told of these at once,
/// and looks at the rest now and then.
class WatchReach {
public:
    static constexpr std::string_view facet_name = "offlineimap.watch-reach/1";

    /// How many folders watch() is told of at once, counted from the first one.
    virtual std::size_t told_at_once() const noexcept = 0;

protected:
    ~WatchReach() = default;
};

/// For a session that can tell how much is in a folder without listing its messages.
class FolderSizes {
public:
    static constexpr std::string_view facet_name = "offlineimap.folder-sizes/1";

    /// The bytes of all messages of each folder, in the same order; nothing where it is not told.
    virtual std::vector<std::optional<std::uint64_t>>
    sizes(std::span<const FolderIndex> folders) = 0;

protected:
    ~FolderSizes() = default;
};

}  // namespace offlineimap
